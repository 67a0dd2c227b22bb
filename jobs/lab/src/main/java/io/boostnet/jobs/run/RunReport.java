package io.boostnet.jobs.run;

import io.boostnet.jobs.load.LoadReport;
import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * What a run of the demo came to.
 *
 * @param setting what ran
 * @param published records that the broker acknowledged, bad ones counted
 * @param badPublished deliberately bad ones among them
 * @param predictions predictions read back
 * @param deadLetters dead letters read back
 * @param missing frames without an outcome
 * @param doubled outcomes beyond the first of a frame
 * @param badMissing bad records that are not among the dead letters
 * @param refused records that the broker did not take
 * @param controlEvents control events read back
 * @param accuracy share of labelled frames that were classified right, 0..1; null without labels
 * @param exitShares share of predictions at each exit, summing to 1
 * @param meanCost mean compute of a prediction, as a share of the full network's
 * @param throughput predictions per second, from the first due time to the last decision
 * @param decisionLatencyMs from a frame's due time to its decision
 * @param visibleLatencyMs from a frame's due time to its prediction being readable as committed;
 *     under exactly-once this waits for a checkpoint
 * @param latenessMs from a frame's due time to its publication
 */
public record RunReport(
    Setting setting,
    long published,
    long badPublished,
    long predictions,
    long deadLetters,
    long missing,
    long doubled,
    List<LoadReport.BadRecord> badMissing,
    long refused,
    long controlEvents,
    Double accuracy,
    double[] exitShares,
    double meanCost,
    double throughput,
    Latency decisionLatencyMs,
    Latency visibleLatencyMs,
    LoadReport.Lateness latenessMs) {

  /**
   * What ran.
   *
   * @param bundle name and version of the bundle
   * @param exits the budget, or the thresholds where they are fixed
   * @param rate frames per second that were planned
   * @param parallelism subtasks
   * @param checkpointIntervalMs time between checkpoints
   */
  public record Setting(
      String bundle, String exits, double rate, int parallelism, int checkpointIntervalMs) {}

  /**
   * Percentiles in milliseconds.
   *
   * @param p50 median
   * @param p95 95th percentile
   * @param p99 99th percentile
   * @param max the largest
   */
  public record Latency(double p50, double p95, double p99, double max) {

    static Latency of(Histogram histogram) {
      return new Latency(
          histogram.getValueAtPercentile(50),
          histogram.getValueAtPercentile(95),
          histogram.getValueAtPercentile(99),
          histogram.getMaxValue());
    }
  }

  /** Whether every record has exactly the outcome it should have. */
  public boolean addsUp() {
    return missing == 0
        && doubled == 0
        && refused == 0
        && badMissing.isEmpty()
        && published == predictions + deadLetters;
  }
}
