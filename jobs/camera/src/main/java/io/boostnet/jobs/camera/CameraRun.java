package io.boostnet.jobs.camera;

import io.boostnet.jobs.camera.config.CameraConfig;
import io.boostnet.jobs.camera.config.CamerasConfig;
import io.boostnet.jobs.camera.feed.CameraCounts;
import io.boostnet.jobs.camera.feed.CameraFeed;
import io.boostnet.jobs.camera.feed.FeedPosition;
import io.boostnet.jobs.camera.publish.FramePublisher;
import io.boostnet.jobs.format.Formats;
import io.boostnet.jobs.format.RecordEncoder;
import io.boostnet.jobs.kafka.KafkaAccess;
import io.boostnet.schema.ImageFrame;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.producer.Producer;

/**
 * All cameras of a configuration at once, to one topic of Kafka: a thread for each, one that sends,
 * and those of the producer. {@link #close} ends them, having waited a little until what was taken
 * is sent.
 */
public final class CameraRun implements AutoCloseable {

  private static final Duration LAST_FRAMES = Duration.ofSeconds(10);

  private final Map<String, CameraFeed> feeds = new LinkedHashMap<>();
  private final Map<String, CameraCounts> counts = new LinkedHashMap<>();
  private final Producer<byte[], byte[]> producer;
  private final FramePublisher publisher;

  private CameraRun(
      CamerasConfig config, RecordEncoder<ImageFrame> encoder, Producer<byte[], byte[]> producer) {
    this.producer = producer;
    publisher = new FramePublisher(producer, config.kafka().topics().frames(), encoder);
    config.cameras().forEach(this::add);
  }

  /**
   * Starts all cameras, with a producer that {@link #close} closes. The topic exists.
   *
   * @throws io.boostnet.jobs.config.ConfigException where the registry or the clients' settings
   *     cannot be used
   */
  public static CameraRun start(CamerasConfig config, KafkaAccess kafka) {
    RecordEncoder<ImageFrame> encoder =
        Formats.frameEncoder(config.kafka().format(), config.kafka().topics().frames());
    CameraRun run = new CameraRun(config, encoder, FramePublisher.patient(kafka).producer());
    run.feeds.values().forEach(CameraFeed::start);
    return run;
  }

  private void add(String name, CameraConfig camera) {
    CameraCounts count = new CameraCounts();
    counts.put(name, count);
    feeds.put(
        name,
        new CameraFeed(
            name,
            camera,
            FeedPosition.first(camera.live(), System.currentTimeMillis()),
            publisher.outbox(camera.live(), camera.queue(), count),
            count));
  }

  /** What each camera counts, in the order of the configuration. */
  public Map<String, CameraCounts> counts() {
    return Collections.unmodifiableMap(counts);
  }

  /** Whether every camera is at its end, or nothing can be sent any more. */
  public boolean ended() {
    return publisher.failure().isPresent() || feeds.values().stream().allMatch(CameraFeed::ended);
  }

  /** Waits until all that was taken is on the topic. */
  public boolean flush(Duration patience) throws InterruptedException {
    return publisher.flush(patience);
  }

  /** What ended the sending of frames, which nothing but a fault does. */
  public Optional<Throwable> failure() {
    return publisher.failure();
  }

  /**
   * Ends all cameras, and sends what they gave.
   *
   * @return whether all of it was sent within ten seconds
   */
  public boolean finish() {
    feeds.values().forEach(CameraFeed::stop);
    feeds.values().forEach(CameraFeed::close);
    try {
      return publisher.flush(LAST_FRAMES);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Override
  public void close() {
    finish();
    publisher.close();
    producer.close(Duration.ofSeconds(1));
  }
}
