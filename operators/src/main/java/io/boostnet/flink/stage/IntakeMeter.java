package io.boostnet.flink.stage;

import io.boostnet.flink.budget.ExitWindow;
import io.boostnet.flink.model.Origin;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Measures what comes into a subtask: the rate of the stream in its own time, and how far the
 * subtask is behind it.
 *
 * <p>The rate is taken per partition, as records per advance of their timestamps, so that it is
 * right while the subtask catches up, and with partitions that are read in turns. A partition
 * without records in a window had none to give if the thread was idle, and was not read if it was
 * busy; in the latter case its last rate stands, and its backlog counts, unless it was known to
 * have none. A timestamp far ahead of those after it was wrong, and is forgotten in the window
 * after.
 *
 * <p>What is behind while the thread has time to spare does not wait for it, but for the broker or
 * for a clock that runs ahead: it does not count as backlog. For one thread.
 */
final class IntakeMeter {

  /** Share of a window that a thread without work to do is idle at least. */
  private static final double SPARE = 0.05;

  /** Least advance of timestamps, in milliseconds, from which a rate is taken. */
  private static final long LEAST_ADVANCE_MS = 50;

  /** So far back, in milliseconds, that the timestamps before were wrong. */
  private static final long BACK_MS = 1000;

  private final Map<Key, Partition> partitions = new HashMap<>();
  private Key lastKey;
  private Partition last;

  /** Where a record comes from. */
  private record Key(String topic, int partition) {}

  private static final class Partition {
    private long newestMs;
    private long newestOfWindowMs = Long.MIN_VALUE;
    private long ratedMs;
    private long unrated;
    private double perSecond;
    private boolean seen;
    private boolean empty;
  }

  /**
   * A frame came.
   *
   * @param timestampMs when it was put into the stream; below 0 where that is not known, and then
   *     it is not counted
   */
  void taken(Origin origin, long timestampMs) {
    if (timestampMs < 0) {
      return;
    }
    Partition partition = partition(origin, timestampMs);
    partition.newestOfWindowMs = Math.max(partition.newestOfWindowMs, timestampMs);
    partition.unrated++;
    partition.seen = true;
  }

  private Partition partition(Origin origin, long timestampMs) {
    if (last != null
        && lastKey.partition == origin.partition()
        && Objects.equals(lastKey.topic, origin.topic())) {
      return last;
    }
    lastKey = new Key(origin.topic(), origin.partition());
    last =
        partitions.computeIfAbsent(
            lastKey,
            key -> {
              Partition first = new Partition();
              first.newestMs = timestampMs;
              first.ratedMs = timestampMs;
              return first;
            });
    return last;
  }

  /**
   * What came since the last call.
   *
   * @param spanNanos time since then
   * @param busyNanos time of it that the thread was busy
   * @param nowMs the wall clock
   */
  ExitWindow.Intake drain(long spanNanos, long busyNanos, long nowMs) {
    boolean saturated = busyNanos > (1 - SPARE) * spanNanos;
    double perSecond = 0;
    long oldestMs = nowMs;
    for (Partition partition : partitions.values()) {
      advance(partition);
      partition.empty = !partition.seen && (partition.empty || !saturated);
      perSecond += rate(partition, saturated);
      if (!partition.empty) {
        oldestMs = Math.min(oldestMs, partition.newestMs);
      }
      partition.seen = false;
    }
    return ExitWindow.Intake.ofSubtask(perSecond, saturated ? Math.max(0, nowMs - oldestMs) : 0);
  }

  private static void advance(Partition partition) {
    if (!partition.seen) {
      return;
    }
    if (partition.newestOfWindowMs < partition.newestMs - BACK_MS) {
      partition.newestMs = partition.newestOfWindowMs;
      partition.ratedMs = partition.newestOfWindowMs;
      partition.unrated = 0;
    }
    partition.newestMs = Math.max(partition.newestMs, partition.newestOfWindowMs);
    partition.newestOfWindowMs = Long.MIN_VALUE;
  }

  private static double rate(Partition partition, boolean saturated) {
    long advanceMs = partition.newestMs - partition.ratedMs;
    if (!partition.seen) {
      partition.perSecond = saturated ? partition.perSecond : 0;
    } else if (advanceMs >= LEAST_ADVANCE_MS) {
      partition.perSecond = 1000.0 * partition.unrated / advanceMs;
      partition.ratedMs = partition.newestMs;
      partition.unrated = 0;
    }
    return partition.perSecond;
  }
}
