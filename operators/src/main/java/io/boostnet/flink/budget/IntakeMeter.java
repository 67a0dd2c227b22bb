package io.boostnet.flink.budget;

import io.boostnet.flink.model.OffClock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.flink.annotation.Internal;

/**
 * Measures what comes into a subtask: how many images per second, and how far the subtask is
 * behind. Producers' timestamps are believed as far as they go with what the subtask sees itself.
 *
 * <p>The rate is taken per partition, as records per advance of their timestamps, so that it is
 * right while the subtask catches up, and with partitions that are read in turns; while the thread
 * has time to spare it is at most the rate at which records were taken, since then all that came
 * has been taken. A partition without records in a window had none to give if the thread had time;
 * otherwise it was not read: its last rate stands, and its backlog counts, unless it was known to
 * have none.
 *
 * <p><b>Clocks.</b> A thread that has time to spare has taken what there was, so the newest
 * timestamp of a partition that brought something is about now. A clock is off where it is not, for
 * a second or longer; where timestamps are ahead, go back, or stand still while records come. Such
 * a partition is measured by its records alone, until its clock went right for 10 s: its rate is
 * that at which records were taken.
 *
 * <p><b>Backlog.</b> What is behind while the thread has time to spare does not wait for it, but
 * for the broker: it does not count. For the same reason nothing has waited longer than since the
 * thread last had time, whatever a timestamp says; where there is no clock that is the backlog's
 * age, so that the budget falls until there is time again.
 *
 * <p>Times come from the caller. For one thread.
 */
@Internal
public final class IntakeMeter {

  /** Share of a window that a thread without work to do is idle at least. */
  private static final double SPARE = 0.05;

  private static final double NANOS_PER_MS = 1e6;
  private static final long NEVER = Long.MIN_VALUE;

  private final Map<Key, PartitionIntake> partitions = new HashMap<>();
  private Key lastKey;
  private PartitionIntake last;
  private long startMs = NEVER;
  private long spareMs = NEVER;

  /** Where a record comes from. */
  private record Key(String topic, int partition) {}

  /**
   * An image came that is run.
   *
   * @param topic Kafka topic; null where the source was not Kafka
   * @param partition Kafka partition; -1 where the source was not Kafka
   * @param offset its offset there; -1 where the source was not Kafka
   * @param timestampMs when it was put into the stream, by the producer's or the broker's clock;
   *     below 0 where that is not known
   */
  public void taken(String topic, int partition, long offset, long timestampMs) {
    partition(topic, partition).taken(offset, timestampMs);
  }

  /** The same of an image that is not run: its clock counts, and it needs no time. */
  public void passed(String topic, int partition, long offset, long timestampMs) {
    partition(topic, partition).passed(offset, timestampMs);
  }

  private PartitionIntake partition(String topic, int partition) {
    if (last == null || lastKey.partition != partition || !Objects.equals(lastKey.topic, topic)) {
      lastKey = new Key(topic, partition);
      last = partitions.computeIfAbsent(lastKey, key -> new PartitionIntake());
    }
    return last;
  }

  /**
   * What came since the last call.
   *
   * @param spanNanos time since then
   * @param busyNanos time of it that the thread was busy
   * @param nowMs the wall clock
   */
  public ExitWindow.Intake drain(long spanNanos, long busyNanos, long nowMs) {
    long fromMs = nowMs - Math.round(spanNanos / NANOS_PER_MS);
    startMs = startMs == NEVER ? fromMs : startMs;
    boolean spare = busyNanos <= (1 - SPARE) * spanNanos;
    spareMs = spare ? nowMs : spareMs;
    boolean everSpare = spareMs != NEVER;
    long sinceSpareMs = nowMs - (everSpare ? spareMs : startMs);
    double perSecond = 0;
    long ageMs = 0;
    List<OffClock> clocks = new ArrayList<>();
    for (Map.Entry<Key, PartitionIntake> entry : partitions.entrySet()) {
      PartitionIntake partition = entry.getValue();
      partition.end(fromMs, nowMs, spare);
      perSecond += partition.perSecond();
      ageMs = Math.max(ageMs, partition.backlogAgeMs(nowMs, sinceSpareMs));
      if (partition.isOff()) {
        Key key = entry.getKey();
        clocks.add(new OffClock(key.topic, key.partition, partition.behindMs()));
      }
    }
    ageMs = everSpare ? Math.min(ageMs, sinceSpareMs) : ageMs;
    return ExitWindow.Intake.ofSubtask(perSecond, ageMs, clocks);
  }
}
