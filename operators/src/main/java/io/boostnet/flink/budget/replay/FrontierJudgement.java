package io.boostnet.flink.budget.replay;

import io.boostnet.flink.budget.Frontier;
import io.boostnet.flink.budget.OptimalStopping;
import io.boostnet.flink.budget.PublishedSearch;
import io.boostnet.flink.exit.Evidence;
import io.boostnet.flink.model.StageCost;
import java.util.Arrays;
import java.util.function.IntPredicate;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.apache.flink.annotation.Internal;

/**
 * Accuracy of solvers on test evidence, 0..1, at equal mean cost: at {@value #BUDGETS} budgets
 * evenly from the cost of the first exit (not included) to that of the last.
 *
 * <p>The oracle knows the test labels. Solved on the very images that it is judged on, it remembers
 * some of them, the more so the more exits there are and the fewer images, so that no thresholds
 * for images to come can be expected to reach it. The cross-fitted oracle knows labels as well, but
 * not those of the images that it is judged on: it is solved on all but one of {@value #FOLDS}
 * parts of the test evidence and judged on that one, each in turn. Source: Stone, "Cross-Validatory
 * Choice and Assessment of Statistical Predictions", Journal of the Royal Statistical Society B 36,
 * 1974.
 *
 * @param budgets mean costs, as shares of the full network's, rising
 * @param published accuracy of {@link PublishedSearch} at each
 * @param ours accuracy of {@link OptimalStopping} at each
 * @param oracle accuracy of {@link OptimalStopping#oracle()} at each
 * @param crossFitted accuracy of the cross-fitted oracle at each
 */
@Internal
public record FrontierJudgement(
    double[] budgets, double[] published, double[] ours, double[] oracle, double[] crossFitted) {

  private static final int BUDGETS = 20;
  private static final int FOLDS = 10;

  /**
   * Solves thresholds on calibration evidence and judges them on test evidence.
   *
   * @throws IllegalArgumentException unless both have the exits of the cost, and the test evidence
   *     at least {@value #FOLDS} images
   */
  public static FrontierJudgement of(Evidence calibration, Evidence test, StageCost cost) {
    return of(
        new PublishedSearch().solve(calibration, cost),
        new OptimalStopping().solve(calibration, cost),
        test);
  }

  /**
   * Judges solved thresholds on test evidence.
   *
   * @throws IllegalArgumentException unless that has the exits of their cost and at least {@value
   *     #FOLDS} images
   */
  public static FrontierJudgement of(Frontier published, Frontier ours, Evidence test) {
    StageCost cost = ours.cost();
    double first = cost.atExit(1);
    double[] budgets = series(i -> first + (1 - first) * (i + 1) / BUDGETS);
    return new FrontierJudgement(
        budgets,
        read(CostCurve.judged(published, test), budgets),
        read(CostCurve.judged(ours, test), budgets),
        read(CostCurve.mixing(OptimalStopping.oracle().solve(test, cost)), budgets),
        crossFitted(test, cost, budgets));
  }

  private static double[] crossFitted(Evidence test, StageCost cost, double[] budgets) {
    if (test.images() < FOLDS) {
      throw new IllegalArgumentException(
          "test evidence has %d images; at least %d are needed".formatted(test.images(), FOLDS));
    }
    double[][] parts =
        IntStream.range(0, FOLDS)
            .parallel()
            .mapToObj(
                fold -> {
                  Evidence known = select(test, image -> image % FOLDS != fold);
                  Evidence judged = select(test, image -> image % FOLDS == fold);
                  return read(
                      CostCurve.judged(OptimalStopping.oracle().solve(known, cost), judged),
                      budgets);
                })
            .toArray(double[][]::new);
    return series(i -> Arrays.stream(parts).mapToDouble(part -> part[i]).average().orElseThrow());
  }

  private static Evidence select(Evidence evidence, IntPredicate images) {
    Evidence.Builder selected = Evidence.builder(evidence.exits());
    IntStream.range(0, evidence.images())
        .filter(images)
        .forEach(image -> selected.add(evidence, image));
    return selected.build();
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

  /** Mean over the budgets of what ours lacks of the cross-fitted oracle. */
  public double meanUnderCrossFitted() {
    return Arrays.stream(series(i -> crossFitted[i] - ours[i])).average().orElseThrow();
  }

  /** The most accuracy that ours loses by a larger budget; 0 where more is never worse. */
  public double oursLostByMore() {
    return lostByMore(ours);
  }

  /** The same of the published search. */
  public double publishedLostByMore() {
    return lostByMore(published);
  }

  private static double lostByMore(double[] accuracy) {
    double best = 0;
    double lost = 0;
    for (double reached : accuracy) {
      best = Math.max(best, reached);
      lost = Math.max(lost, best - reached);
    }
    return lost;
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
