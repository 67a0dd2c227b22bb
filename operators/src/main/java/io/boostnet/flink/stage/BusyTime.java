package io.boostnet.flink.stage;

import org.apache.flink.runtime.metrics.groups.TaskIOMetricGroup;

/**
 * How long the task's thread was busy, by Flink's own measure: neither idle nor back-pressured. For
 * one thread.
 */
final class BusyTime {

  private static final long NANOS_PER_MS = 1_000_000;

  private final TaskIOMetricGroup task;
  private long unusedMs;

  BusyTime(TaskIOMetricGroup task) {
    this.task = task;
    this.unusedMs = unusedSoFarMs();
  }

  /** Busy nanoseconds of the span since the last call, or since this was made. */
  long drain(long spanNanos) {
    long unused = unusedSoFarMs();
    long busyNanos = Math.max(0, spanNanos - NANOS_PER_MS * (unused - unusedMs));
    unusedMs = unused;
    return busyNanos;
  }

  private long unusedSoFarMs() {
    return task.getIdleTimeMsPerSecond().getAccumulatedCount()
        + task.getAccumulatedBackPressuredTimeMs();
  }
}
