package io.boostnet.flink.model;

import java.io.Serializable;
import org.apache.flink.annotation.Internal;

/**
 * One change of the exit thresholds, to be told to who watches.
 *
 * @param version version of the thresholds from here on
 * @param timestampMs when it was decided: processing time, in milliseconds since the Unix epoch
 * @param reason one sentence: why
 * @param thresholds one per exit
 * @param quotas share of the frames reaching stage k that may continue, for each stage but the last
 * @param measured what led to it
 */
@Internal
public record ThresholdChange(
    long version,
    long timestampMs,
    String reason,
    double[] thresholds,
    double[] quotas,
    Measured measured)
    implements Serializable {

  private static final long serialVersionUID = 1;

  /**
   * What was measured of the pipeline before a decision. NaN and empty stand for "not measured".
   *
   * @param budget mean cost aimed at, as a share of the full network's
   * @param meanCost mean cost of a frame in the window, in the same unit
   * @param price accuracy gained per unit of cost at the budget
   * @param neededRate frames per second that the stream needs
   * @param servedPerSecond frames per second decided in the window
   * @param backlogAgeMs age of the oldest frame waiting, in milliseconds
   * @param utilization share of the window that the thread of the subtask with the most arrivals
   *     was busy, 0..1
   * @param exitShares share of the window's frames that left at each exit
   * @param forcedShare share of the window's frames whose exit was forced
   * @param auditAgreement share of the audited frames of each exit but the last whose class the
   *     last exit confirmed
   * @param offClocks partitions whose timestamps are not believed
   * @param inheritedShare share of the window's frames that were not run
   */
  public record Measured(
      double budget,
      double meanCost,
      double price,
      double neededRate,
      double servedPerSecond,
      double backlogAgeMs,
      double utilization,
      double[] exitShares,
      double forcedShare,
      double[] auditAgreement,
      OffClock[] offClocks,
      double inheritedShare)
      implements Serializable {

    private static final long serialVersionUID = 1;

    /** Nothing measured yet. */
    public static Measured nothing(double budget) {
      double none = Double.NaN;
      return new Measured(
          budget,
          none,
          none,
          none,
          none,
          none,
          none,
          new double[0],
          none,
          new double[0],
          new OffClock[0],
          none);
    }
  }
}
