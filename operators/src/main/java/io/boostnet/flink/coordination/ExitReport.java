package io.boostnet.flink.coordination;

import io.boostnet.flink.budget.ConfidenceHistogram;
import io.boostnet.flink.budget.QuotaUse;
import org.apache.flink.annotation.Internal;

/**
 * What one stage of one subtask did since its last report.
 *
 * @param stage the stage, 1 .. K
 * @param exits frames that ended at this exit
 * @param forced frames among them that left for a quota or a deadline
 * @param confidences confidences of the frames that reached the exit, as they count; of none at the
 *     last
 * @param stageNanos time that calls to the stage's network took, in nanoseconds
 * @param slowestNanos 99th percentile of the time from a frame's arrival at the stage until its
 *     decision, of the last seconds, in nanoseconds; 0 where there was none
 * @param quota what its quota could spare or lacks
 * @param byPriority of the frames that ended, how many by the priority of their source; empty where
 *     there are none
 */
@Internal
public record ExitReport(
    int stage,
    long exits,
    long forced,
    ConfidenceHistogram confidences,
    long stageNanos,
    long slowestNanos,
    QuotaUse quota,
    long[] byPriority)
    implements TaskReport.Part {

  private static final long serialVersionUID = 1;
}
