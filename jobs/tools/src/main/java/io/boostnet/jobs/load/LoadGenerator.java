package io.boostnet.jobs.load;

import io.boostnet.jobs.format.AvroEncoder;
import io.boostnet.jobs.format.RecordEncoder;
import io.boostnet.schema.ImageFrame;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes frames open loop: every frame has a due time fixed in advance, which is its event time
 * and the Kafka record's timestamp. One that is published late does not shift those after it.
 * Sources are dealt over the partitions in turn as they appear, so that a few of them load these
 * evenly; a source stays in its partition.
 *
 * <p>{@link #run} blocks the calling thread until all is acknowledged; interrupting that thread
 * ends the load early, with a report of what was published. The producer stays the caller's.
 */
public final class LoadGenerator {

  private static final Logger LOG = LoggerFactory.getLogger(LoadGenerator.class);
  private static final long MAX_LATENESS_MICROS = TimeUnit.HOURS.toMicros(1);

  /** Is told of every record that the broker acknowledged, on the producer's thread. */
  @FunctionalInterface
  public interface Acknowledged {

    /** The frame with this identity is on the topic, at this place. */
    void frame(String sourceId, long sequence, int partition, long offset);

    /** A deliberately bad record is on the topic. */
    default void bad(LoadReport.BadRecord record) {}
  }

  private final LoadPlan plan;
  private final Producer<byte[], byte[]> producer;
  private final RecordEncoder<ImageFrame> encoder;
  private final Acknowledged acknowledged;
  private final Map<String, Integer> partitionOf = new HashMap<>();
  private int partitions;

  private final AtomicLong published = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();
  private final AtomicReference<Exception> firstFailure = new AtomicReference<>();
  private final Queue<LoadReport.BadRecord> bad = new ConcurrentLinkedQueue<>();
  private final Histogram latenessMicros = new Histogram(MAX_LATENESS_MICROS, 3);

  /** A generator of frames in Avro single-object encoding. */
  public LoadGenerator(
      LoadPlan plan, Producer<byte[], byte[]> producer, Acknowledged acknowledged) {
    this(plan, producer, new AvroEncoder<>(ImageFrame.class), acknowledged);
  }

  /**
   * A generator.
   *
   * @param encoder what a frame is on the topic
   */
  public LoadGenerator(
      LoadPlan plan,
      Producer<byte[], byte[]> producer,
      RecordEncoder<ImageFrame> encoder,
      Acknowledged acknowledged) {
    this.plan = plan;
    this.producer = producer;
    this.encoder = encoder;
    this.acknowledged = acknowledged;
    encoder.open();
  }

  /** Publishes the plan. To be called once. */
  public LoadReport run() {
    partitions = producer.partitionsFor(plan.topic()).size();
    long startMs = System.currentTimeMillis();
    long startNanos = System.nanoTime();
    long index = 0;
    try (DriftingFrames frames = new DriftingFrames(plan.frames(), plan.drift())) {
      for (; index < plan.count(); index++) {
        double due = plan.profile().dueSeconds(index);
        ImageFrame frame = frames.next(index, due);
        if (!awaitDue(startNanos + (long) (due * 1e9))) {
          break;
        }
        publish(frame, index, startMs + (long) (due * 1e3));
      }
    }
    double handedOver = (System.nanoTime() - startNanos) / 1e9;
    producer.flush();
    double acknowledged = (System.nanoTime() - startNanos) / 1e9;
    double lastDue = index == 0 ? 0 : plan.profile().dueSeconds(index - 1);
    return report(
        new LoadReport.Seconds(lastDue, handedOver, acknowledged),
        index / Math.max(plan.profile().dueSeconds(index), 1e-3));
  }

  private void publish(ImageFrame frame, long index, long dueMs) {
    frame.setTimestampMs(dueMs);
    if (plan.deadlines() != null) {
      frame.setDeadlineMs(
          dueMs + plan.deadlines().allowedMs(frame.getSourceId(), frame.getSequence()));
    }
    long badBefore = index == 0 ? 0 : plan.badBefore(index - 1);
    for (long i = badBefore; i < plan.badBefore(index); i++) {
      BadFrame kind = BadFrame.values()[(int) (i % BadFrame.values().length)];
      send(
          BadFrame.SOURCE,
          dueMs,
          new RecordEncoder.Encoded(kind.value(frame, i), List.of()),
          badCallback(kind));
    }
    String sourceId = frame.getSourceId();
    long sequence = frame.getSequence();
    send(
        sourceId,
        dueMs,
        encoder.encode(frame),
        (metadata, exception) -> {
          if (exception == null) {
            published.incrementAndGet();
            acknowledged.frame(sourceId, sequence, metadata.partition(), metadata.offset());
          } else {
            fail(exception);
          }
        });
  }

  private Callback badCallback(BadFrame kind) {
    return (metadata, exception) -> {
      if (exception == null) {
        LoadReport.BadRecord record =
            new LoadReport.BadRecord(kind, metadata.partition(), metadata.offset());
        bad.add(record);
        acknowledged.bad(record);
      } else {
        fail(exception);
      }
    };
  }

  private void send(String key, long dueMs, RecordEncoder.Encoded encoded, Callback callback) {
    int partition = partitionOf.computeIfAbsent(key, k -> partitionOf.size() % partitions);
    byte[] keyBytes = key.getBytes(StandardCharsets.UTF_8);
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(plan.topic(), partition, dueMs, keyBytes, encoded.value());
    encoded.headers().forEach(header -> record.headers().add(header.key(), header.value()));
    producer.send(record, callback);
  }

  private void fail(Exception exception) {
    failed.incrementAndGet();
    if (firstFailure.compareAndSet(null, exception)) {
      LOG.warn("A record was not published to {}: {}", plan.topic(), exception.toString());
    }
  }

  /** Returns false where the thread was interrupted; the interrupt is cleared. */
  private boolean awaitDue(long dueNanos) {
    long ahead = dueNanos - System.nanoTime();
    while (ahead > 0) {
      LockSupport.parkNanos(this, ahead);
      if (Thread.interrupted()) {
        return false;
      }
      ahead = dueNanos - System.nanoTime();
    }
    latenessMicros.recordValue(
        Math.min(MAX_LATENESS_MICROS, TimeUnit.NANOSECONDS.toMicros(-ahead)));
    return true;
  }

  private LoadReport report(LoadReport.Seconds seconds, double plannedRate) {
    List<LoadReport.BadRecord> badRecords =
        bad.stream()
            .sorted(
                Comparator.comparingInt(LoadReport.BadRecord::partition)
                    .thenComparingLong(LoadReport.BadRecord::offset))
            .toList();
    return new LoadReport(
        published.get(),
        badRecords.size(),
        failed.get(),
        seconds,
        plannedRate,
        published.get() / seconds.acknowledged(),
        new LoadReport.Lateness(
            latenessMicros.getValueAtPercentile(50) / 1e3,
            latenessMicros.getValueAtPercentile(95) / 1e3,
            latenessMicros.getValueAtPercentile(99) / 1e3,
            latenessMicros.getMaxValue() / 1e3),
        badRecords);
  }
}
