package io.boostnet.flink.coordination;

import io.boostnet.flink.budget.ConfidenceHistogram;
import java.io.Serializable;

/**
 * What one stage of one subtask did since its last report; part of a {@link TaskReport}.
 *
 * @param stage the stage, 1 .. K
 * @param spanNanos time since the last report, in nanoseconds, above 0
 * @param exits frames that ended at this exit
 * @param forced frames among them that left for a quota or a deadline
 * @param confidences confidences of the frames that reached the exit; null for the last
 * @param stageNanos time that calls to the stage's network took, in nanoseconds
 * @param slowestNanos 99th percentile of the time from a frame's arrival at the stage until its
 *     decision, in nanoseconds; 0 where there was none
 * @param intake what came in; null for every stage but the first
 * @param audits comparisons with the last exit; null for every stage but the last
 */
public record ExitReport(
    int stage,
    long spanNanos,
    long exits,
    long forced,
    ConfidenceHistogram confidences,
    long stageNanos,
    long slowestNanos,
    Intake intake,
    Audits audits)
    implements Serializable {

  private static final long serialVersionUID = 1;

  /**
   * What came into a subtask.
   *
   * @param busyNanos time that the task's thread was neither idle nor back-pressured
   * @param arrivalsPerSecond frames per second of the stream's own time
   * @param backlogAgeMs age of the oldest frame waiting for the subtask, in milliseconds
   */
  public record Intake(long busyNanos, double arrivalsPerSecond, long backlogAgeMs)
      implements Serializable {

    private static final long serialVersionUID = 1;
  }

  /**
   * Frames that had left early and were run to the end for comparison.
   *
   * @param compared their number, for each exit but the last
   * @param agreed those of them for which the last exit predicted the same class
   */
  public record Audits(long[] compared, long[] agreed) implements Serializable {

    private static final long serialVersionUID = 1;
  }
}
