package io.boostnet.flink.stage;

import io.boostnet.flink.coordination.ControlPlan;
import io.boostnet.flink.coordination.ThresholdUpdate;
import io.boostnet.flink.options.Tracking;
import java.io.Serializable;
import java.time.Duration;
import org.apache.flink.annotation.Internal;

/**
 * What a stage needs to know of the control of its pipeline. Immutable.
 *
 * @param plan the control of the pipeline
 * @param auditShare share of the early exits that run on for comparison, 0..1
 * @param topK classes that a decision names, at least 1
 * @param allowed time from a frame's timestamp to its prediction where it sets no deadline
 * @param tracking which frames show the same thing
 * @param weights which sources matter more than others
 */
@Internal
public record StageControl(
    ControlPlan plan,
    double auditShare,
    int topK,
    Duration allowed,
    Tracking tracking,
    SourceWeights weights)
    implements Serializable {

  private static final long serialVersionUID = 1;

  /** Frames are judged alone, and sources matter alike. */
  public StageControl(ControlPlan plan, double auditShare, int topK, Duration allowed) {
    this(plan, auditShare, topK, allowed, Tracking.NONE, SourceWeights.NONE);
  }

  int exits() {
    return plan.cost().exits();
  }

  Duration interval() {
    return plan.interval();
  }

  /**
   * Time within which a call of a stage's network should end: the linger, or a stage's part of it
   * where frames have deadlines, so that one that has to leave at the first exit does not wait for
   * all stages of others, each with a call of that length.
   */
  Duration callWithin(Duration linger) {
    return allowed.isZero() ? linger : linger.dividedBy(exits());
  }

  ThresholdUpdate start(long nowMs) {
    return plan.start(nowMs);
  }
}
