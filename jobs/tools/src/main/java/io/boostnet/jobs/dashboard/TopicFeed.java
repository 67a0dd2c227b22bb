package io.boostnet.jobs.dashboard;

import io.boostnet.jobs.kafka.KafkaAccess;
import io.boostnet.jobs.serve.ServeConfig;
import io.boostnet.schema.ControlEvent;
import io.boostnet.schema.ImageFrame;
import io.boostnet.schema.Prediction;
import io.boostnet.schema.SingleObject;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.message.BinaryMessageDecoder;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the topics into a {@link LiveSeries}, in a thread of its own; thread-safe. */
final class TopicFeed implements Closeable {

  private static final Duration POLL = Duration.ofMillis(200);

  /** A record without a value is as unreadable as one of no bytes. */
  private static final byte[] NOTHING = {};

  private static final Duration RETRY = Duration.ofSeconds(2);
  private static final Logger LOG = LoggerFactory.getLogger(TopicFeed.class);

  private final KafkaAccess kafka;
  private final ServeConfig.Topics topics;
  private final LiveSeries series = new LiveSeries();
  private final RecentImages images = new RecentImages();
  private final BinaryMessageDecoder<ImageFrame> frames = SingleObject.decoder(ImageFrame.class);
  private final BinaryMessageDecoder<Prediction> predictions =
      SingleObject.decoder(Prediction.class);
  private final BinaryMessageDecoder<ControlEvent> events =
      SingleObject.decoder(ControlEvent.class);
  private final Thread thread = new Thread(this::run, "live-page-topics");
  private volatile boolean closed;
  private String error;
  private String bundle;

  private TopicFeed(KafkaAccess kafka, ServeConfig.Topics topics) {
    this.kafka = kafka;
    this.topics = topics;
  }

  static TopicFeed start(KafkaAccess kafka, ServeConfig.Topics topics) {
    TopicFeed feed = new TopicFeed(kafka, topics);
    feed.thread.setDaemon(true);
    feed.thread.start();
    return feed;
  }

  /**
   * What there is to show.
   *
   * @param after the seconds after this one, since the Unix epoch
   * @param imagesSeen {@link LiveState#imagesVersion} of the images that the client has, -1 for
   *     none
   */
  synchronized LiveState state(long after, long imagesSeen) {
    ControlEvent control = series.control();
    return new LiveState(
        control == null ? null : control.getPipeline(),
        bundle,
        System.currentTimeMillis(),
        error,
        series.predictions(),
        series.deadLetters(),
        control == null ? List.of() : control.getAuditAgreement(),
        series.after(after),
        series.changes(),
        images.version(),
        images.version() == imagesSeen ? null : images.strips());
  }

  private void run() {
    while (!closed) {
      try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
        follow(consumer);
      } catch (InterruptException e) {
        return;
      } catch (KafkaException | IllegalStateException e) {
        report("The topics cannot be read: " + e.getMessage());
        pause();
      } catch (RuntimeException e) {
        LOG.warn("The topics cannot be read; opening them again", e);
        report("The topics cannot be read: " + e);
        pause();
      }
    }
  }

  private KafkaConsumer<byte[], byte[]> consumer() {
    Properties properties = kafka.properties();
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_uncommitted");
    properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    return new KafkaConsumer<>(
        properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  private void follow(KafkaConsumer<byte[], byte[]> consumer) {
    List<TopicPartition> all = new ArrayList<>();
    for (String topic :
        List.of(
            topics.frames(), topics.predictions(), topics.deadLetters(), topics.controlEvents())) {
      List<PartitionInfo> partitions = consumer.partitionsFor(topic);
      if (partitions == null || partitions.isEmpty()) {
        throw new IllegalStateException("the topic " + topic + " does not exist yet");
      }
      partitions.forEach(p -> all.add(new TopicPartition(p.topic(), p.partition())));
    }
    consumer.assign(all);
    consumer.seekToEnd(all);
    // The newest change says what is in force; it may be old.
    for (TopicPartition partition : all) {
      if (partition.topic().equals(topics.controlEvents())) {
        consumer.seek(partition, Math.max(0, consumer.position(partition) - 200));
      }
    }
    report(null);
    while (!closed) {
      var records = consumer.poll(POLL);
      synchronized (this) {
        series.now(System.currentTimeMillis());
        records.forEach(this::take);
      }
    }
  }

  private void take(ConsumerRecord<byte[], byte[]> record) {
    byte[] value = record.value() == null ? NOTHING : record.value();
    try {
      String topic = record.topic();
      if (topic.equals(topics.frames())) {
        series.offered(record.timestamp());
        images.frame(frames.decode(value));
      } else if (topic.equals(topics.predictions())) {
        Prediction prediction = predictions.decode(value);
        bundle = prediction.getBundle() + " " + prediction.getBundleVersion();
        series.predicted(prediction);
        images.predicted(prediction);
      } else if (topic.equals(topics.controlEvents())) {
        series.changed(events.decode(value));
      } else {
        series.dead();
      }
    } catch (IOException | AvroRuntimeException | IndexOutOfBoundsException e) {
      // Not a record of ours: the job makes a dead letter of it, and that is counted.
    }
  }

  private synchronized void report(String newError) {
    error = newError;
  }

  private static void pause() {
    try {
      Thread.sleep(RETRY.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
