package io.boostnet.training.bundle;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Accuracy against mean cost when images leave at the first exit that is confident enough: the
 * published evaluation of MSDNet, RANet and BoostNet ("budgeted batch prediction").
 *
 * <p>Point p of the curve sends the shares {@code q_k ~ exp(ln(p / 20) * k)} to the exits k = 1 ..
 * K. The threshold of an exit is the confidence of that image which completes its share, among the
 * calibration images that have not left before, most confident first.
 */
public final class BudgetedBatch {

  private static final int LAST_POINT = 40;

  private BudgetedBatch() {}

  /**
   * One point of the curve.
   *
   * @param meanMacs multiply-accumulate operations per image, on average
   * @param accuracy share of the images classified right, 0..1
   * @param exitShares share of the images that leave at each exit
   * @param thresholds confidence needed at each exit, above 1 where nothing leaves; the last is 0
   */
  public record Point(double meanMacs, double accuracy, double[] exitShares, double[] thresholds) {}

  /**
   * The whole curve: thresholds from calibration, everything else measured on the test evidence.
   */
  static List<Point> curve(Evidence calibration, Evidence test, List<Long> cumulativeMacs) {
    return IntStream.rangeClosed(1, LAST_POINT)
        .mapToObj(
            p -> measure(test, thresholds(calibration, shares(p, test.exits())), cumulativeMacs))
        .toList();
  }

  /** Exit shares of point {@code p}, 1 to 40: small p leaves early. */
  static double[] shares(int p, int exits) {
    double[] shares = new double[exits];
    for (int k = 0; k < exits; k++) {
      shares[k] = Math.exp(Math.log(p / 20.0) * (k + 1));
    }
    double sum = Arrays.stream(shares).sum();
    return Arrays.stream(shares).map(share -> share / sum).toArray();
  }

  static double[] thresholds(Evidence calibration, double[] shares) {
    int images = calibration.images();
    double[] thresholds = new double[shares.length];
    boolean[] left = new boolean[images];
    for (int k = 0; k < shares.length - 1; k++) {
      int exit = k;
      int[] waiting =
          IntStream.range(0, images)
              .filter(i -> !left[i])
              .boxed()
              .sorted(
                  (a, b) ->
                      Float.compare(
                          calibration.confidence()[b][exit], calibration.confidence()[a][exit]))
              .mapToInt(Integer::intValue)
              .toArray();
      int wanted = (int) Math.floor(images * shares[k]);
      thresholds[k] =
          wanted < 1 || wanted > waiting.length
              ? Double.MAX_VALUE
              : calibration.confidence()[waiting[wanted - 1]][exit];
      for (int i : waiting) {
        left[i] = calibration.confidence()[i][exit] >= thresholds[exit];
      }
    }
    return thresholds;
  }

  static Point measure(Evidence test, double[] thresholds, List<Long> cumulativeMacs) {
    double[] shares = new double[thresholds.length];
    int right = 0;
    double macs = 0;
    for (int i = 0; i < test.images(); i++) {
      int exit = 0;
      while (exit < thresholds.length - 1 && test.confidence()[i][exit] < thresholds[exit]) {
        exit++;
      }
      shares[exit] += 1.0 / test.images();
      right += test.right(i, exit) ? 1 : 0;
      macs += cumulativeMacs.get(exit);
    }
    return new Point(macs / test.images(), (double) right / test.images(), shares, thresholds);
  }
}
