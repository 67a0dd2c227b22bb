package io.boostnet.training.data;

/**
 * How a data set is cut where it does not say so itself. The same plan on the same data always
 * gives the same splits.
 *
 * <p>A share is taken of every class on its own, in whole tracks where there are tracks, so that
 * rare classes are in every split. An official test set is used as it is; the validation share is
 * then one of the official training images.
 *
 * @param seed seed of the shuffle
 * @param validationShare share of the images (tracks) kept out of training, 0..1
 * @param testShare share of the images (tracks) to measure on, 0..1; not used with an official test
 *     set
 */
public record SplitPlan(long seed, double validationShare, double testShare) {

  /** Seed 1, a tenth for validation, a fifth for the test. */
  public static final SplitPlan DEFAULT = new SplitPlan(1, 0.1, 0.2);

  public SplitPlan {
    checkShare("validationShare", validationShare);
    checkShare("testShare", testShare);
    if (validationShare + testShare >= 1) {
      throw new IllegalArgumentException(
          "validationShare "
              + validationShare
              + " and testShare "
              + testShare
              + " leave nothing to train on");
    }
  }

  private static void checkShare(String name, double value) {
    if (!(value >= 0 && value < 1)) {
      throw new IllegalArgumentException(
          name + " is " + value + "; it must be at least 0 and below 1");
    }
  }
}
