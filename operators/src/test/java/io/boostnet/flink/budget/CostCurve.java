package io.boostnet.flink.budget;

import io.boostnet.flink.exit.Calibration;
import java.util.Map;
import java.util.TreeMap;

/**
 * Accuracy against mean cost of a frontier's thresholds on other evidence. Read at equal cost, it
 * compares solvers whose thresholds spend a little more or less there than on their own evidence.
 */
final class CostCurve {

  private static final int BUDGETS = 200;

  private final TreeMap<Double, Double> accuracy = new TreeMap<>();

  static CostCurve judged(Frontier frontier, Calibration evidence) {
    CostCurve curve = new CostCurve();
    double least = frontier.leastCost();
    for (int i = 0; i <= BUDGETS; i++) {
      double budget = least + (frontier.mostCost() - least) * i / BUDGETS;
      OperatingPoint point =
          OperatingPoint.measure(frontier.at(budget).thresholds(), evidence, frontier.cost());
      curve.accuracy.put(point.meanCost(), point.accuracy());
    }
    return curve;
  }

  /** What mixing the neighbouring points of a frontier at random reaches on its own evidence. */
  static CostCurve mixing(Frontier frontier) {
    CostCurve curve = new CostCurve();
    frontier.points().forEach(point -> curve.accuracy.put(point.meanCost(), point.accuracy()));
    return curve;
  }

  /** Accuracy at a mean cost; that of the dearest point where less is spent. */
  double at(double cost) {
    Map.Entry<Double, Double> below = accuracy.floorEntry(cost);
    Map.Entry<Double, Double> above = accuracy.ceilingEntry(cost);
    if (below == null || above == null || below.getKey().equals(above.getKey())) {
      return (below == null ? above : below).getValue();
    }
    double weight = (cost - below.getKey()) / (above.getKey() - below.getKey());
    return below.getValue() + weight * (above.getValue() - below.getValue());
  }
}
