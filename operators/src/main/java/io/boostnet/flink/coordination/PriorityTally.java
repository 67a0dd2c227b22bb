package io.boostnet.flink.coordination;

import io.boostnet.flink.model.StageCost;
import java.util.Arrays;

/**
 * What frames cost on the mean by the priority of their source, over the last few hundred frames of
 * each: older ones fade. Not thread-safe.
 */
final class PriorityTally {

  private static final double FADING = 0.998;

  private final StageCost cost;
  private final double[] frames;
  private final double[] costs;

  PriorityTally(StageCost cost, int priorities) {
    this.cost = cost;
    frames = new double[priorities];
    costs = new double[priorities];
  }

  void add(ExitReport report) {
    long[] ended = report.byPriority();
    for (int i = 0; i < Math.min(ended.length, frames.length); i++) {
      double fading = Math.pow(FADING, ended[i]);
      frames[i] = fading * frames[i] + ended[i];
      costs[i] = fading * costs[i] + ended[i] * cost.atExit(report.stage());
    }
  }

  /** The mean cost of each, as a share of the full network's; NaN where there was no frame. */
  double[] meanCosts() {
    double[] means = new double[frames.length];
    Arrays.setAll(means, i -> costs[i] / frames[i]);
    return means;
  }
}
