package io.boostnet.flink.stage;

import io.boostnet.flink.budget.ConfidenceHistogram;
import io.boostnet.flink.budget.IntakeMeter;
import io.boostnet.flink.budget.QuotaUse;
import io.boostnet.flink.coordination.AuditReport;
import io.boostnet.flink.coordination.ExitReport;
import io.boostnet.flink.coordination.IntakeReport;
import io.boostnet.flink.coordination.TaskReport;
import io.boostnet.flink.model.Audit;
import io.boostnet.flink.model.Origin;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.flink.runtime.metrics.groups.TaskIOMetricGroup;

/**
 * Counts what one stage of one subtask does between two reports; that of stage 1 also what comes in
 * and how busy the task is. For one thread.
 */
final class StageReporter {

  private static final double SLOW = 0.99;

  private final int stage;
  private final boolean last;
  private final ConfidenceHistogram.Recorder confidences = new ConfidenceHistogram.Recorder();
  private final long[] compared;
  private final long[] agreed;
  private final IntakeMeter intake;
  private final BusyTime busyTime;
  private final RecentTimes decidedAfter = new RecentTimes();
  private long drainedNanos = System.nanoTime();
  private final long[] byPriority;
  private long exits;
  private long forced;
  private long stageNanos;
  private long inherited;

  /**
   * A reporter.
   *
   * @param task metrics of the task that the stage runs in
   */
  StageReporter(int stage, StageControl control, TaskIOMetricGroup task) {
    int exits = control.exits();
    this.stage = stage;
    this.last = stage == exits;
    this.intake = stage == 1 ? new IntakeMeter() : null;
    this.busyTime = stage == 1 ? new BusyTime(task) : null;
    byPriority = new long[control.plan().priorities().size()];
    compared = new long[exits - 1];
    agreed = new long[exits - 1];
  }

  /** A frame came to the stage. */
  void arrived(Origin origin, long streamTimeMs) {
    if (intake != null) {
      intake.taken(origin.topic(), origin.partition(), origin.offset(), streamTimeMs);
    }
  }

  /** A frame came that is not run. */
  void inherited(Origin origin, long streamTimeMs) {
    inherited++;
    intake.passed(origin.topic(), origin.partition(), origin.offset(), streamTimeMs);
  }

  /** A frame has reached the exit, whether it leaves there or not. */
  void reached(float confidence) {
    if (!last) {
      confidences.record(confidence);
    }
  }

  /** A frame ended here, whose source has such a priority. */
  void ended(boolean byForce, int priority) {
    exits++;
    if (byPriority.length > 0) {
      byPriority[priority]++;
    }
    forced += byForce ? 1 : 0;
  }

  /** A frame that had left early was run to the end. */
  void compared(Audit audit, int label) {
    compared[audit.exit() - 1]++;
    agreed[audit.exit() - 1] += audit.label() == label ? 1 : 0;
  }

  /** A call to the network ended: the time that counts ({@link CountedTime}). */
  void called(long nanos) {
    stageNanos += nanos;
  }

  /** A frame was decided so long after it came to the stage. */
  void decidedAfter(long nanos) {
    decidedAfter.add(nanos);
  }

  /**
   * What was counted; counting starts again from nothing, but for how long frames took of late.
   *
   * @param quota what the stage's quota could spare or lacks
   * @param earlyNanos time that the task's calls took longer for running before they were full
   * @param nowMs processing time, in milliseconds since the Unix epoch
   */
  List<TaskReport.Part> drain(QuotaUse quota, long earlyNanos, long nowMs) {
    long now = System.nanoTime();
    long spanNanos = Math.max(1, now - drainedNanos);
    drainedNanos = now;
    List<TaskReport.Part> parts = new ArrayList<>();
    parts.add(
        new ExitReport(
            stage,
            exits,
            forced,
            confidences.drain(),
            stageNanos,
            decidedAfter.endWindow(spanNanos, SLOW),
            quota,
            byPriority.clone()));
    if (intake != null) {
      parts.add(drainIntake(spanNanos, earlyNanos, nowMs));
    }
    if (last) {
      parts.add(new AuditReport(compared, agreed));
    }
    Arrays.fill(byPriority, 0);
    Arrays.fill(compared, 0);
    Arrays.fill(agreed, 0);
    exits = 0;
    forced = 0;
    stageNanos = 0;
    return parts;
  }

  /** A thread that runs early has time to spare: what that takes is not counted as busy. */
  private IntakeReport drainIntake(long spanNanos, long earlyNanos, long nowMs) {
    long busyNanos = Math.max(0, busyTime.drain(spanNanos) - earlyNanos);
    long passed = inherited;
    inherited = 0;
    return new IntakeReport(busyNanos, intake.drain(spanNanos, busyNanos, nowMs), passed);
  }
}
