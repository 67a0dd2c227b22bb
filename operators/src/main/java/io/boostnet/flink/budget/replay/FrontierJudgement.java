package io.boostnet.flink.budget.replay;

import io.boostnet.flink.budget.Frontier;
import io.boostnet.flink.budget.OptimalStopping;
import io.boostnet.flink.budget.PublishedSearch;
import io.boostnet.flink.exit.Calibration;
import io.boostnet.flink.model.StageCost;
import java.util.Arrays;
import java.util.function.IntToDoubleFunction;

/**
 * Accuracy of solvers on test evidence, 0..1, at equal mean cost: at {@value #BUDGETS} budgets
 * evenly from the cost of the first exit (not included) to that of the last. The oracle knows the
 * test labels.
 *
 * @param budgets mean costs, as shares of the full network's, rising
 * @param published accuracy of {@link PublishedSearch} at each
 * @param ours accuracy of {@link OptimalStopping} at each
 * @param oracle accuracy of {@link OptimalStopping#oracle()} at each
 */
public record FrontierJudgement(
    double[] budgets, double[] published, double[] ours, double[] oracle) {

  private static final int BUDGETS = 20;

  /**
   * Solves thresholds on calibration evidence and judges them on test evidence.
   *
   * @throws IllegalArgumentException unless both have the exits of the cost
   */
  public static FrontierJudgement of(Calibration calibration, Calibration test, StageCost cost) {
    return of(
        new PublishedSearch().solve(calibration, cost),
        new OptimalStopping().solve(calibration, cost),
        test);
  }

  /** Judges solved thresholds on test evidence. */
  public static FrontierJudgement of(Frontier published, Frontier ours, Calibration test) {
    StageCost cost = ours.cost();
    double first = cost.atExit(1);
    double[] budgets = series(i -> first + (1 - first) * (i + 1) / BUDGETS);
    return new FrontierJudgement(
        budgets,
        read(CostCurve.judged(published, test), budgets),
        read(CostCurve.judged(ours, test), budgets),
        read(CostCurve.mixing(OptimalStopping.oracle().solve(test, cost)), budgets));
  }

  /** Mean over the budgets of what ours has over the published search. */
  public double meanOverPublished() {
    return Arrays.stream(overPublished()).average().orElseThrow();
  }

  /** The least of it: below 0 where the published search is better. */
  public double worstOverPublished() {
    return Arrays.stream(overPublished()).min().orElseThrow();
  }

  /** Mean over the budgets of what ours lacks of the oracle. */
  public double meanUnderOracle() {
    return Arrays.stream(series(i -> oracle[i] - ours[i])).average().orElseThrow();
  }

  private double[] overPublished() {
    return series(i -> ours[i] - published[i]);
  }

  private static double[] read(CostCurve curve, double[] budgets) {
    return series(i -> curve.at(budgets[i]));
  }

  private static double[] series(IntToDoubleFunction value) {
    double[] values = new double[BUDGETS];
    Arrays.setAll(values, value);
    return values;
  }
}
