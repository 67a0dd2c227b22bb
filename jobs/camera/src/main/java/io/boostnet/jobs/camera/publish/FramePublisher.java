package io.boostnet.jobs.camera.publish;

import io.boostnet.jobs.camera.feed.CameraCounts;
import io.boostnet.jobs.camera.feed.FrameSink;
import io.boostnet.jobs.camera.feed.PictureQueue;
import io.boostnet.jobs.camera.input.Box;
import io.boostnet.jobs.format.RecordEncoder;
import io.boostnet.jobs.format.ZonePlace;
import io.boostnet.jobs.kafka.KafkaAccess;
import io.boostnet.schema.ImageFrame;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RetriableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the frames of all cameras to one topic, keyed by their source, on a thread of its own, so
 * that a slow Kafka holds up no camera. A record's timestamp is when it was sent: retention follows
 * it, and a file may be years old; event time is in the frame. Frames of a camera are written in
 * their order, see {@link FrameOutbox}.
 *
 * <p>The producer is the caller's, and is tried for as long as it takes.
 */
public final class FramePublisher implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(FramePublisher.class);
  private static final Duration PAUSE_AFTER_FAILURE = Duration.ofMillis(200);

  private final Producer<byte[], byte[]> producer;
  private final String topic;
  private final RecordEncoder<ImageFrame> encoder;
  private final Lock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final List<FrameOutbox> outboxes = new ArrayList<>();
  private final Thread thread = new Thread(this::run, "camera-publisher");
  private int turn;
  private boolean stopped;
  private volatile Throwable failure;

  /**
   * A publisher; it sends from now on.
   *
   * @param encoder what a frame is on the topic
   */
  public FramePublisher(
      Producer<byte[], byte[]> producer, String topic, RecordEncoder<ImageFrame> encoder) {
    this.producer = producer;
    this.topic = topic;
    this.encoder = encoder;
    encoder.open();
    thread.setDaemon(true);
    thread.start();
  }

  /** Access to the same Kafka, of a producer that gives no frame up while Kafka is away. */
  public static KafkaAccess patient(KafkaAccess kafka) {
    Map<String, String> properties = new HashMap<>(kafka.clientProperties());
    properties.putIfAbsent(
        ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, String.valueOf(Integer.MAX_VALUE));
    return new KafkaAccess(kafka.bootstrapServers(), properties);
  }

  /**
   * Where a camera's frames go.
   *
   * @param drops whether the oldest picture gives way where there is no room; else the camera waits
   * @param capacity pictures that wait, at least 1
   */
  public FrameSink outbox(boolean drops, int capacity, CameraCounts counts) {
    lock.lock();
    try {
      PictureQueue queue = new PictureQueue(drops, capacity, counts, lock, changed::signalAll);
      outboxes.add(new FrameOutbox(queue, counts));
      return queue;
    } finally {
      lock.unlock();
    }
  }

  private record Sending(FrameOutbox outbox, FrameOutbox.Numbered frame) {}

  private void run() {
    try {
      while (true) {
        send(next());
      }
    } catch (InterruptedException | InterruptException e) {
      LOG.debug("The publisher ends");
    } catch (RuntimeException | Error e) { // a producer that is beyond use
      LOG.error("No frame is sent any more", e);
      failed(e);
    }
  }

  private void failed(Throwable e) {
    lock.lock();
    try {
      failure = e;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** What ended it, where that was a fault: nothing is sent any more. */
  public Optional<Throwable> failure() {
    return Optional.ofNullable(failure);
  }

  /** The next frame, of the cameras in turn. */
  private Sending next() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (true) {
        for (int i = 0; i < outboxes.size(); i++) {
          FrameOutbox outbox = outboxes.get((turn + i) % outboxes.size());
          FrameOutbox.Numbered frame = outbox.next();
          if (frame != null) {
            turn = (turn + i + 1) % outboxes.size();
            return new Sending(outbox, frame);
          }
        }
        changed.await();
      }
    } finally {
      lock.unlock();
    }
  }

  private void send(Sending sending) throws InterruptedException {
    ImageFrame frame = sending.frame().placed().frame();
    byte[] key = frame.getSourceId().toString().getBytes(StandardCharsets.UTF_8);
    RecordEncoder.Encoded encoded = encoder.encode(frame);
    ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, key, encoded.value());
    encoded.headers().forEach(header -> record.headers().add(header.key(), header.value()));
    Box box = sending.frame().placed().place();
    if (box != null) {
      ZonePlace place = new ZonePlace(box.left(), box.top(), box.width(), box.height());
      record.headers().add(ZonePlace.HEADER, place.toBytes());
    }
    int imageBytes = frame.getImage().remaining();
    boolean[] returned = {false};
    producer.send(record, (metadata, failure) -> returned[0] = sent(sending, imageBytes, failure));
    if (returned[0]) {
      TimeUnit.MILLISECONDS.sleep(PAUSE_AFTER_FAILURE.toMillis());
    }
  }

  /** Whether a frame did not leave and is to be sent again. */
  private boolean sent(Sending sending, int imageBytes, Exception failure) {
    lock.lock();
    try {
      boolean again = failure instanceof RetriableException && !stopped;
      if (failure == null) {
        sending.outbox().counts().published(imageBytes);
      } else if (!again) {
        String why = "Kafka refused a frame (%s)".formatted(failure.getMessage());
        LOG.debug(why, failure);
        sending.outbox().counts().refused(why);
      }
      if (again) {
        sending.outbox().returned(sending.frame());
      } else {
        sending.outbox().done();
      }
      changed.signalAll();
      return again;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until all is sent.
   *
   * @param patience how long at most
   * @return whether it is
   */
  public boolean flush(Duration patience) throws InterruptedException {
    long left = patience.toNanos();
    lock.lockInterruptibly();
    try {
      while (!outboxes.stream().allMatch(FrameOutbox::isEmpty)) {
        if (left <= 0 || failure != null) {
          return false;
        }
        left = changed.awaitNanos(left);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Ends without sending what waits. */
  @Override
  public void close() {
    lock.lock();
    try {
      stopped = true;
    } finally {
      lock.unlock();
    }
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
