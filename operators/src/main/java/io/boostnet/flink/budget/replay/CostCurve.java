package io.boostnet.flink.budget.replay;

import io.boostnet.flink.budget.Frontier;
import io.boostnet.flink.budget.OperatingPoint;
import io.boostnet.flink.exit.Evidence;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.annotation.Internal;

/**
 * Accuracy against mean cost of a frontier's thresholds on evidence. Read at equal cost, it
 * compares solvers whose thresholds spend a little more or less there than on their own evidence.
 * Immutable, thread-safe.
 */
@Internal
public final class CostCurve {

  private static final int BUDGETS = 200;

  private final TreeMap<Double, Double> accuracy = new TreeMap<>();

  private CostCurve() {}

  /** What thresholds reach on other evidence than they were solved on. */
  public static CostCurve judged(Frontier frontier, Evidence evidence) {
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
  public static CostCurve mixing(Frontier frontier) {
    CostCurve curve = new CostCurve();
    frontier.points().forEach(point -> curve.accuracy.put(point.meanCost(), point.accuracy()));
    return curve;
  }

  /**
   * Accuracy at a mean cost, 0..1, between the points in a straight line; that of the cheapest or
   * the dearest point for a cost beyond them.
   *
   * @param cost share of the full network's
   */
  public double at(double cost) {
    Map.Entry<Double, Double> below = accuracy.floorEntry(cost);
    Map.Entry<Double, Double> above = accuracy.ceilingEntry(cost);
    if (below == null || above == null || below.getKey().equals(above.getKey())) {
      return (below == null ? above : below).getValue();
    }
    double weight = (cost - below.getKey()) / (above.getKey() - below.getKey());
    return below.getValue() + weight * (above.getValue() - below.getValue());
  }
}
