package io.boostnet.jobs.camera;

import io.boostnet.jobs.camera.config.CameraConfig;
import io.boostnet.jobs.camera.config.CamerasConfig;
import io.boostnet.jobs.camera.feed.CameraCounts;
import io.boostnet.jobs.camera.feed.CameraFeed;
import io.boostnet.jobs.camera.feed.FeedPosition;
import io.boostnet.jobs.camera.publish.FramePublisher;
import io.boostnet.jobs.format.Formats;
import io.boostnet.jobs.kafka.KafkaAccess;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
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

  private CameraRun(CamerasConfig config, Producer<byte[], byte[]> producer) {
    this.producer = producer;
    String topic = config.kafka().topics().frames();
    publisher =
        new FramePublisher(producer, topic, Formats.frameEncoder(config.kafka().format(), topic));
    config.cameras().forEach(this::add);
  }

  /** Starts all cameras. The topic exists. */
  public static CameraRun start(CamerasConfig config, KafkaAccess kafka) {
    CameraRun run = new CameraRun(config, FramePublisher.patient(kafka).producer());
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

  /** Whether every camera is at its end: never while a live one runs. */
  public boolean ended() {
    return feeds.values().stream().allMatch(CameraFeed::ended);
  }

  /** Waits until all that was taken is on the topic. */
  public boolean flush(Duration patience) throws InterruptedException {
    return publisher.flush(patience);
  }

  @Override
  public void close() {
    feeds.values().forEach(CameraFeed::close);
    try {
      publisher.flush(LAST_FRAMES);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    publisher.close();
    producer.close(Duration.ofSeconds(1));
  }
}
