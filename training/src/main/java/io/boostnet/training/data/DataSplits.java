package io.boostnet.training.data;

import java.util.List;
import java.util.function.Supplier;

/**
 * A data set cut into the images to train on, those kept out of training to calibrate and choose
 * by, and those to measure on. No image is in two splits, and with tracks no track is.
 *
 * @param name name of the data set, for instance {@code cifar100}
 * @param checksum works out {@link #sha256}; reads the files if need be
 * @param train images to train on
 * @param validation images kept out of training
 * @param test images to measure on
 */
public record DataSplits(
    String name,
    Supplier<String> checksum,
    LabelledImages train,
    LabelledImages validation,
    LabelledImages test) {

  /** Names of the classes; the index is the label. */
  public List<String> classNames() {
    return train.classNames();
  }

  /** The images of one split. */
  public LabelledImages images(Split split) {
    return switch (split) {
      case TRAIN -> train;
      case VALIDATION -> validation;
      case TEST -> test;
    };
  }

  /**
   * The same with the test images halved, class by class: one half to calibrate by, one to measure
   * on. For networks that were trained elsewhere, on images that may be in this validation split.
   */
  public DataSplits halvingTest(long seed) {
    StratifiedSplit halves = StratifiedSplit.ofImages(test, new SplitPlan(seed, 0.5, 0));
    return new DataSplits(
        name,
        checksum,
        train,
        test.select(test.name() + "-calibration", halves.validation()),
        test.select(test.name(), halves.train()));
  }

  /**
   * SHA-256 over the data, file after file in the order of their names, the same for an archive and
   * what it unpacks to: 64 lower-case hexadecimal digits. May read every file once.
   */
  public String sha256() {
    return checksum.get();
  }

  /** A part of a data set. */
  public enum Split {
    TRAIN,
    VALIDATION,
    TEST
  }
}
