package io.boostnet.jobs.config;

import io.boostnet.flink.ModelBundle;
import io.boostnet.flink.budget.Frontier;
import io.boostnet.flink.budget.OptimalStopping;
import io.boostnet.flink.budget.PublishedSearch;
import io.boostnet.flink.exit.Thresholds;
import io.boostnet.flink.model.CostUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Where a user wants frames to leave, in one of three ways; at most one is set.
 *
 * @param thresholds one per exit, the last 0; or null
 * @param exitShares share of frames meant to leave at each exit, summing to 1, on the bundle's
 *     calibration evidence; or null
 * @param meanCost mean cost per frame, as a share of the full network's, on the calibration
 *     evidence, at least that of the first exit; above what the most accurate thresholds cost it is
 *     those; or null
 */
public record ExitThresholds(List<Double> thresholds, List<Double> exitShares, Double meanCost) {

  /**
   * Checks that at most one is set.
   *
   * @throws IllegalArgumentException where more are
   */
  public ExitThresholds {
    if (Stream.of(thresholds, exitShares, meanCost).filter(Objects::nonNull).count() > 1) {
      throw new IllegalArgumentException(
          "more than one of thresholds, exit shares and mean cost is set; keep one of them");
    }
  }

  /** Whether there is anything set. */
  public boolean isSet() {
    return thresholds != null || exitShares != null || meanCost != null;
  }

  /**
   * The thresholds for a bundle.
   *
   * @param bundle in the form that serves
   * @param unit what the mean cost counts in
   * @return null where nothing is set
   * @throws ConfigException where what is set does not fit the bundle
   */
  public Thresholds of(ModelBundle bundle, CostUnit unit) {
    try {
      if (thresholds != null) {
        requireCount("thresholds", thresholds, bundle);
        return Thresholds.of(1, toArray(thresholds));
      }
      if (exitShares != null) {
        requireCount("exit shares", exitShares, bundle);
        return Thresholds.of(1, forShares(bundle));
      }
      if (meanCost != null) {
        return Thresholds.of(1, forMeanCost(bundle, unit));
      }
      return null;
    } catch (IllegalArgumentException e) {
      throw new ConfigException("The exits cannot be set: " + e.getMessage() + ".", e);
    }
  }

  private double[] forShares(ModelBundle bundle) {
    double[] shares = toArray(exitShares);
    double sum = Arrays.stream(shares).sum();
    if (!(Arrays.stream(shares).min().orElse(0) >= 0) || Math.abs(sum - 1) > 0.01) {
      throw new IllegalArgumentException(
          "exit shares are " + exitShares + "; each must be at least 0 and they must sum to 1");
    }
    return PublishedSearch.thresholdsFor(
            Arrays.stream(shares).map(share -> share / sum).toArray(), bundle.calibration())
        .toArray();
  }

  private double[] forMeanCost(ModelBundle bundle, CostUnit unit) {
    if (!(meanCost > 0 && meanCost <= 1)) {
      throw new IllegalArgumentException(
          "mean cost is " + meanCost + "; it is a share of the full network's, above 0 up to 1");
    }
    Frontier frontier =
        new OptimalStopping().solve(bundle.calibration(), bundle.cascade().cost(unit));
    if (meanCost < frontier.leastCost()) {
      throw new IllegalArgumentException(
          "mean cost is %s, and the first exit of %s alone costs %.4f of the full network in %s; give at least that"
              .formatted(
                  meanCost,
                  bundle.cascade().name(),
                  Math.ceil(1e4 * frontier.leastCost()) / 1e4,
                  bundle.cascade().unitOf(unit)));
    }
    return frontier.at(meanCost).thresholds().toArray();
  }

  private static void requireCount(String name, List<Double> values, ModelBundle bundle) {
    int exits = bundle.cascade().exits();
    if (values.size() != exits) {
      throw new IllegalArgumentException(
          "%d %s are given, the bundle has %d exits; give one per exit"
              .formatted(values.size(), name, exits));
    }
  }

  private static double[] toArray(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }
}
