package io.boostnet.jobs.evaluate;

import io.boostnet.flink.exit.Thresholds;
import io.boostnet.flink.model.Cascade;
import io.boostnet.flink.model.CostUnit;
import io.boostnet.flink.model.StageCost;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;

/**
 * A bundle on a frame file. Accuracies count labelled frames alone and are null where there is
 * none; costs are shares of the full network's.
 *
 * @param bundle name of the bundle
 * @param bundleVersion version of the bundle
 * @param frames frames classified
 * @param labelled those with a true label
 * @param rejected frames that could not be decoded
 * @param costUnit what costs count in, time or macs
 * @param anytime every frame stopped at one exit, an entry per exit
 * @param thresholds thresholds of the budgeted batch below; null where none were given
 * @param budgetedBatch every frame at the exit that the thresholds give it; null without thresholds
 */
public record EvaluationReport(
    String bundle,
    String bundleVersion,
    long frames,
    long labelled,
    long rejected,
    String costUnit,
    List<Exit> anytime,
    double[] thresholds,
    BudgetedBatch budgetedBatch) {

  /**
   * All frames stopped at one exit.
   *
   * @param exit 1 .. exits
   * @param cost share of the full network's cost
   * @param accuracy share of labelled frames that are right, 0..1
   * @param meanConfidence mean confidence at the exit, 0..1
   */
  public record Exit(int exit, double cost, Double accuracy, double meanConfidence) {}

  /**
   * All frames at the exit that thresholds give them.
   *
   * @param accuracy share of labelled frames that are right, 0..1
   * @param meanCost mean share of the full network's cost
   * @param exitShares share of frames that left at each exit, summing to 1
   */
  public record BudgetedBatch(Double accuracy, double meanCost, double[] exitShares) {}

  /**
   * Sums up what was recorded.
   *
   * @param unit what costs count in, where the bundle has times
   * @param records one per frame, at least one
   * @param thresholds one per exit, or null
   */
  static EvaluationReport of(
      Cascade cascade,
      CostUnit unit,
      List<ExitRecord> records,
      long rejected,
      Thresholds thresholds) {
    StageCost cost = cascade.cost(unit);
    List<Exit> anytime = new ArrayList<>();
    for (int exit = 1; exit <= cascade.exits(); exit++) {
      int at = exit;
      anytime.add(
          new Exit(
              exit,
              cost.atExit(exit),
              accuracy(records, record -> at),
              records.stream().mapToDouble(r -> r.confidence()[at - 1]).average().orElseThrow()));
    }
    return new EvaluationReport(
        cascade.name(),
        cascade.version(),
        records.size(),
        records.stream().filter(ExitRecord::isLabelled).count(),
        rejected,
        cascade.unitOf(unit).toString(),
        anytime,
        thresholds == null ? null : thresholds.toArray(),
        thresholds == null ? null : budgetedBatch(cost, records, thresholds));
  }

  private static BudgetedBatch budgetedBatch(
      StageCost cost, List<ExitRecord> records, Thresholds thresholds) {
    double[] shares = new double[cost.exits()];
    double meanCost = 0;
    for (ExitRecord record : records) {
      int exit = record.exitAt(thresholds);
      shares[exit - 1] += 1.0 / records.size();
      meanCost += cost.atExit(exit) / records.size();
    }
    return new BudgetedBatch(
        accuracy(records, record -> record.exitAt(thresholds)), meanCost, shares);
  }

  private static Double accuracy(List<ExitRecord> records, ToIntFunction<ExitRecord> exit) {
    long labelled = records.stream().filter(ExitRecord::isLabelled).count();
    long right =
        records.stream()
            .filter(record -> record.isLabelled() && record.isRightAt(exit.applyAsInt(record)))
            .count();
    return labelled == 0 ? null : (double) right / labelled;
  }
}
