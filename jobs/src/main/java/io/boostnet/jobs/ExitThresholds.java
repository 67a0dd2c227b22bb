package io.boostnet.jobs;

import io.boostnet.flink.ModelBundle;
import io.boostnet.flink.exit.Thresholds;
import io.boostnet.schema.ExitEvidence;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Thresholds as a user gives them: as they are, or as shares of frames leaving at each exit. */
public final class ExitThresholds {

  private static final double CLOSED = 2;

  private ExitThresholds() {}

  /**
   * The thresholds for a bundle.
   *
   * @param thresholds one per exit, the last 0, or null
   * @param exitShares in place of thresholds: one per exit, summing to 1, or null
   * @return null where neither is given
   * @throws ConfigException where they do not fit the bundle
   */
  public static Thresholds of(
      ModelBundle bundle, List<Double> thresholds, List<Double> exitShares) {
    if (thresholds != null && exitShares != null) {
      throw new ConfigException("Thresholds and exit shares are both given; keep one of them.");
    }
    int exits = bundle.cascade().exits();
    try {
      if (thresholds != null) {
        requireCount("thresholds", thresholds, exits);
        return Thresholds.of(1, toArray(thresholds));
      }
      if (exitShares != null) {
        requireCount("exit shares", exitShares, exits);
        return forShares(toArray(exitShares), bundle.evidence());
      }
      return null;
    } catch (IllegalArgumentException e) {
      throw new ConfigException("The exits cannot be set: " + e.getMessage() + ".", e);
    }
  }

  private static void requireCount(String name, List<Double> values, int exits) {
    if (values.size() != exits) {
      throw new IllegalArgumentException(
          "%d %s are given, the bundle has %d exits; give one per exit"
              .formatted(values.size(), name, exits));
    }
  }

  /** The quantile, at each exit, of the confidences of those frames still there. */
  private static Thresholds forShares(double[] shares, List<ExitEvidence> evidence) {
    double sum = 0;
    for (double share : shares) {
      if (!(share >= 0)) {
        throw new IllegalArgumentException("exit share is " + share + "; it must be at least 0");
      }
      sum += share;
    }
    if (Math.abs(sum - 1) > 0.01) {
      throw new IllegalArgumentException("exit shares sum to " + sum + "; they must sum to 1");
    }
    double[] thresholds = new double[shares.length];
    List<ExitEvidence> left = new ArrayList<>(evidence);
    for (int exit = 0; exit < shares.length - 1; exit++) {
      int at = exit;
      left.sort(
          Comparator.comparingDouble((ExitEvidence e) -> e.getConfidence().get(at)).reversed());
      int leaving = (int) Math.min(left.size(), Math.round(shares[exit] * evidence.size()));
      thresholds[exit] =
          leaving == 0 ? CLOSED : left.get(leaving - 1).getConfidence().get(exit).doubleValue();
      left = new ArrayList<>(left.subList(leaving, left.size()));
    }
    return Thresholds.of(1, thresholds);
  }

  private static double[] toArray(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }
}
