package io.boostnet.jobs.faults;

import io.boostnet.jobs.accounts.Accounts;
import io.boostnet.jobs.files.FrameFile;
import io.boostnet.jobs.format.FormatConfig;
import io.boostnet.jobs.format.Formats;
import io.boostnet.jobs.format.RecordEncoder;
import io.boostnet.jobs.kafka.KafkaAccess;
import io.boostnet.jobs.load.BadFrame;
import io.boostnet.schema.ImageFrame;
import java.io.Closeable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Frames of the shipped file, published at a steady rate from a thread of its own until it is
 * stopped, and entered into the accounts as the broker acknowledges them.
 */
final class Traffic implements Closeable {

  private static final Path FRAMES = Path.of("demo", "frames", "gtsrb-tracks.avro");
  private static final int IMAGES = 500;
  private static final int SOURCES = 4;
  private static final int PER_SECOND = 60;

  /** All kinds but that of 20 MB, which would fill the disk. */
  private static final List<BadFrame> KINDS =
      Arrays.stream(BadFrame.values()).filter(kind -> kind != BadFrame.OVERSIZED).toList();

  /**
   * What is unusual about it.
   *
   * @param badShare bad records as a share of all, 0..1
   * @param doubledShare frames that are published twice, as a share of all, 0..1
   * @param shuffledOver frames among which the order is lost, 1 for none
   */
  record Kind(double badShare, double doubledShare, int shuffledOver) {

    /** Every frame once and in order. */
    static final Kind ORDERLY = new Kind(0, 0, 1);
  }

  private final Kind kind;
  private final RecordEncoder<ImageFrame> encoder;
  private final String topic;
  private final Producer<byte[], byte[]> producer;
  private final Accounts accounts;
  private final List<ImageFrame> images = new ArrayList<>();
  private final Random random = new Random(5);
  private final Map<Accounts.Key, Instant> lastPublished = new ConcurrentHashMap<>();
  private final AtomicReference<Exception> failure = new AtomicReference<>();
  private final Thread thread = new Thread(this::publish, "traffic");
  private volatile boolean stopped;
  private volatile long clockAheadMs;
  private long badRecords;

  Traffic(Kind kind, FormatConfig format, KafkaAccess kafka, String topic, Accounts accounts) {
    this.kind = kind;
    this.encoder = Formats.frameEncoder(format, topic);
    encoder.open();
    this.topic = topic;
    this.producer = kafka.producer();
    this.accounts = accounts;
    try (FrameFile file = FrameFile.open(FRAMES)) {
      while (images.size() < IMAGES && file.hasNext()) {
        images.add(file.next());
      }
    }
    thread.start();
  }

  private void publish() {
    long start = System.nanoTime();
    long sent = 0;
    for (long first = 0; !stopped; first += kind.shuffledOver()) {
      for (long index : shuffled(first)) {
        LockSupport.parkNanos(start + sent * 1_000_000_000L / PER_SECOND - System.nanoTime());
        ImageFrame frame = frame(index);
        Accounts.Key key = new Accounts.Key(frame.getSourceId(), frame.getSequence());
        if (random.nextDouble() < kind.badShare()) {
          BadFrame bad = KINDS.get((int) (badRecords % KINDS.size()));
          send(
              new Accounts.Key(Accounts.BAD, badRecords),
              RecordEncoder.Encoded.of(bad.value(frame, badRecords)));
          badRecords++;
        } else {
          send(key, encoder.encode(frame));
          if (random.nextDouble() < kind.doubledShare()) {
            send(key, encoder.encode(frame));
          }
        }
        sent++;
      }
    }
    producer.flush();
  }

  private List<Long> shuffled(long first) {
    List<Long> indices = new ArrayList<>();
    for (long index = first; index < first + kind.shuffledOver(); index++) {
      indices.add(index);
    }
    Collections.shuffle(indices, random);
    return indices;
  }

  private ImageFrame frame(long index) {
    return ImageFrame.newBuilder(images.get((int) (index % images.size())))
        .setSourceId("camera-" + index % SOURCES)
        .setSequence(index / SOURCES)
        .setTimestampMs(now())
        .build();
  }

  private void send(Accounts.Key key, RecordEncoder.Encoded encoded) {
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(
            topic, null, now(), key.source().getBytes(StandardCharsets.UTF_8), encoded.value());
    encoded.headers().forEach(header -> record.headers().add(header.key(), header.value()));
    producer.send(
        record,
        (metadata, exception) -> {
          if (exception == null) {
            accounts.published(key, metadata.partition(), metadata.offset());
            lastPublished.put(key, Instant.now());
          } else {
            failure.compareAndSet(null, exception);
          }
        });
  }

  /** Whether a frame was published after a time. */
  boolean isPublishedAfter(Accounts.Key key, Instant time) {
    Instant at = lastPublished.get(key);
    return at != null && at.isAfter(time);
  }

  /** Sets the clock of the cameras so far ahead of ours, or behind it where that is negative. */
  void setClockAhead(Duration ahead) {
    clockAheadMs = ahead.toMillis();
  }

  private long now() {
    return System.currentTimeMillis() + clockAheadMs;
  }

  /**
   * Stops; returns when all that was sent is acknowledged.
   *
   * @return deliberately bad records among it
   */
  long stop() throws InterruptedException {
    stopped = true;
    thread.join();
    if (failure.get() != null) {
      throw new IllegalStateException("a frame was not published", failure.get());
    }
    return badRecords;
  }

  @Override
  public void close() {
    stopped = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    producer.close();
  }
}
