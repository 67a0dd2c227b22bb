package io.boostnet.flink.coordination;

import io.boostnet.flink.model.StageCost;
import java.util.Arrays;

/**
 * What frames cost on the mean by the priority of their source, over those since the last decision
 * and a few hundred of each before: older ones fade. They fade once per decision, by all frames
 * since the last one, since reports come stage by stage: with each of them those of the first exits
 * would fade before the mean. Not thread-safe.
 */
final class PriorityTally {

  private static final double FADING = 0.998;

  private final StageCost cost;
  private final double[] frames;
  private final double[] costs;
  private final long[] newFrames;
  private final double[] newCosts;

  PriorityTally(StageCost cost, int priorities) {
    this.cost = cost;
    frames = new double[priorities];
    costs = new double[priorities];
    newFrames = new long[priorities];
    newCosts = new double[priorities];
  }

  void add(ExitReport report) {
    long[] ended = report.byPriority();
    for (int i = 0; i < Math.min(ended.length, frames.length); i++) {
      newFrames[i] += ended[i];
      newCosts[i] += ended[i] * cost.atExit(report.stage());
    }
  }

  /**
   * Takes in what was added since the last call.
   *
   * @return the mean cost of each, as a share of the full network's; NaN where there was no frame
   */
  double[] meanCosts() {
    double[] means = new double[frames.length];
    for (int i = 0; i < means.length; i++) {
      double fading = Math.pow(FADING, newFrames[i]);
      frames[i] = fading * frames[i] + newFrames[i];
      costs[i] = fading * costs[i] + newCosts[i];
      means[i] = costs[i] / frames[i];
    }
    Arrays.fill(newFrames, 0);
    Arrays.fill(newCosts, 0);
    return means;
  }
}
