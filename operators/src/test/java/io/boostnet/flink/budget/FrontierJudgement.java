package io.boostnet.flink.budget;

import io.boostnet.flink.exit.Calibration;
import io.boostnet.flink.model.StageCost;
import java.util.Arrays;
import java.util.function.IntToDoubleFunction;

/**
 * Accuracy of solvers on test evidence, in per cent, at equal mean cost: at 20 budgets evenly from
 * the cost of the first exit (not included) to that of the last. The oracle knows the test labels.
 */
record FrontierJudgement(double[] budgets, double[] published, double[] ours, double[] oracle) {

  private static final int BUDGETS = 20;

  static FrontierJudgement of(Calibration validation, Calibration test, StageCost cost) {
    double first = cost.atExit(1);
    double[] budgets = series(i -> first + (1 - first) * (i + 1) / BUDGETS);
    return new FrontierJudgement(
        budgets,
        read(CostCurve.judged(new PublishedSearch().solve(validation, cost), test), budgets),
        read(CostCurve.judged(new OptimalStopping().solve(validation, cost), test), budgets),
        read(CostCurve.mixing(OptimalStopping.oracle().solve(test, cost)), budgets));
  }

  double meanOverPublished() {
    return series(i -> ours[i] - published[i], Double::sum) / BUDGETS;
  }

  double worstOverPublished() {
    return series(i -> ours[i] - published[i], Math::min);
  }

  double meanUnderOracle() {
    return series(i -> oracle[i] - ours[i], Double::sum) / BUDGETS;
  }

  String summary() {
    return "ours - published: mean %+.3f, worst %+.3f; oracle - ours: mean %+.3f; oracle - published: mean %+.3f"
        .formatted(
            meanOverPublished(),
            worstOverPublished(),
            meanUnderOracle(),
            meanUnderOracle() + meanOverPublished());
  }

  private static double[] read(CostCurve curve, double[] budgets) {
    return series(i -> 100 * curve.at(budgets[i]));
  }

  private static double[] series(IntToDoubleFunction value) {
    double[] values = new double[BUDGETS];
    Arrays.setAll(values, value);
    return values;
  }

  private static double series(
      IntToDoubleFunction value, java.util.function.DoubleBinaryOperator fold) {
    return Arrays.stream(series(value)).reduce(fold).orElseThrow();
  }
}
