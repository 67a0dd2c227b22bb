package io.boostnet.flink.stage;

import io.boostnet.flink.budget.Quota;
import io.boostnet.flink.budget.QuotaUse;
import io.boostnet.flink.budget.Weighting;
import io.boostnet.flink.coordination.QuotaGrant;
import io.boostnet.flink.coordination.ThresholdUpdate;
import io.boostnet.flink.exit.DeadlineExit;
import io.boostnet.flink.exit.Thresholds;
import io.boostnet.flink.model.Frame;

/**
 * Decides at one stage of one subtask whether a frame leaves: for its confidence, for the quota, or
 * because the next stage would end after its deadline. For one thread.
 */
final class StageExit {

  private static final long NANOS_PER_MS = 1_000_000;
  private static final float NEVER_CONFIDENT = -1;
  private static final double ALWAYS_WANTED = 1;

  /** Under deadlines that no frame's next stage would meet, its time must stay known. */
  private static final double PROBES = 0.01;

  private final int stage;
  private final long allowedMs;
  private final SourceWeights weights;
  private final Quota quota;
  private Thresholds thresholds;
  private double share = 1;
  private DeadlineExit deadline;

  /** At the settings of the job's start. */
  StageExit(int stage, StageControl control) {
    ThresholdUpdate start = control.start(0);
    this.stage = stage;
    this.allowedMs = control.allowed().toMillis();
    this.weights = control.weights();
    this.quota = stage < control.exits() ? new Quota(start.quotas(), stage) : null;
    take(start);
  }

  /** Takes over other settings from the next frame on. */
  void take(ThresholdUpdate update) {
    thresholds = update.thresholds();
    if (quota != null) {
      quota.change(update.quotas());
      share = update.quotas().at(stage);
    }
    deadline = update.reserveNanos().length == 0 ? null : DeadlineExit.of(update.reserveNanos());
  }

  /** Takes what other subtasks spared of their quotas. */
  void take(QuotaGrant grant) {
    if (quota != null) {
      quota.grant(grant.at(stage));
    }
  }

  /** What the quota could spare or lacked since the last call. */
  QuotaUse quotaUse() {
    return quota == null ? QuotaUse.NONE : quota.use();
  }

  double threshold() {
    return thresholds.at(stage);
  }

  long version() {
    return thresholds.version();
  }

  /** Share of the frames reaching the stage that may continue; 1 at the last. */
  double share() {
    return share;
  }

  /** Which priority the source of a frame has; 0 where there are none. */
  int priorityOf(Frame frame) {
    return weights.of(frame.sourceId());
  }

  /** The confidence that counts of a frame of such a priority. */
  float counted(int priority, float confidence) {
    return weights.counted(priority, stage, confidence);
  }

  /**
   * Whether a frame leaves here; to be called once for every frame that reached the exit.
   *
   * @param confidence the one that counts
   */
  boolean leaves(Frame frame, float confidence, long nowMs) {
    return quota == null
        || !quota.continues(confidence, threshold())
        || deadline != null && deadline.leaves(stage, leftNanos(frame, nowMs));
  }

  /**
   * Whether a frame that leaves here does so for a quota or a deadline. One that its floor keeps
   * never leaves for its confidence before the last stage, however low the threshold is.
   *
   * @param confidence the one that counts
   */
  boolean forced(float confidence) {
    return confidence < threshold() || quota != null && confidence == Weighting.KEPT;
  }

  /**
   * Share of the frames leaving here that run on, after they have left: those that left for their
   * confidence to be audited, and under a deadline a few of all, so that the times of later stages
   * are measured where no frame is in time for them.
   */
  double shareThatRunsOn(boolean forced, double auditShare) {
    if (deadline != null) {
      return PROBES;
    }
    return forced ? 0 : auditShare;
  }

  /** Whether the frame that just left, not at the last stage, may run on. */
  boolean allowsAudit() {
    return deadline != null || quota.spares();
  }

  /** Whether a frame that left at an earlier exit may run on; to be called once for each. */
  boolean allowsAuditToGoOn() {
    return quota != null && quota.continues(NEVER_CONFIDENT, ALWAYS_WANTED);
  }

  /** At the ends of its range for an absurd deadline, such as one given in nanoseconds. */
  private long leftNanos(Frame frame, long nowMs) {
    double deadlineMs =
        frame.deadlineMs() == Frame.NO_DEADLINE
            ? (double) frame.timestampMs() + allowedMs
            : frame.deadlineMs();
    return (long) ((deadlineMs - nowMs) * NANOS_PER_MS);
  }
}
