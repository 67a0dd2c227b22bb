package io.boostnet.jobs.bench;

import io.boostnet.flink.ModelBundle;
import io.boostnet.flink.budget.Frontier;
import io.boostnet.flink.budget.OperatingPoint;
import io.boostnet.flink.budget.OptimalStopping;
import io.boostnet.flink.exit.Evidence;
import io.boostnet.flink.exit.Thresholds;
import io.boostnet.flink.model.CostUnit;
import io.boostnet.flink.model.StageCost;

/**
 * The cheapest thresholds whose accuracy, on the calibration evidence of the bundle alone, is no
 * more than a loss under that of the full network.
 */
final class EqualAccuracy {

  private static final int BUDGETS = 400;

  private EqualAccuracy() {}

  /**
   * Chooses the thresholds.
   *
   * @param loss share of the images, 0..1
   */
  static Thresholds thresholds(ModelBundle bundle, double loss) {
    Evidence evidence = bundle.calibration();
    StageCost cost = bundle.cascade().cost(CostUnit.TIME);
    Frontier frontier = new OptimalStopping().solve(evidence, cost);
    int exits = evidence.exits();
    double full = evidence.accuracy(exits);
    double from = frontier.leastCost();
    for (int i = 0; i <= BUDGETS; i++) {
      OperatingPoint point = frontier.at(from + (1 - from) * i / BUDGETS);
      double counted = OperatingPoint.measure(point.thresholds(), evidence, cost).accuracy();
      if (Math.min(point.accuracy(), counted) >= full - loss) {
        return point.thresholds();
      }
    }
    return Thresholds.neverExit(1, exits);
  }
}
