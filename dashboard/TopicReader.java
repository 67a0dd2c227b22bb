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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.message.BinaryMessageDecoder;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the topics of a job into a history, on a thread of its own, until it is closed.
 *
 * <p>It belongs to no consumer group and commits nothing. It starts at the end of the topics, but
 * for the last control events, which say what holds now; a topic or partition that appears later is
 * read from its beginning. It reads what is written before the transaction commits, so that the
 * page does not wait for checkpoints: after a failure, the frames that the job decides again are
 * seen twice. Of the frames, it asks for the end of the topic once per second, which tells the
 * offered rate, and reads a few before it for their pictures. What fails is tried again, and the
 * history told why.
 */
final class TopicReader implements Closeable {

  private static final Logger LOG = LoggerFactory.getLogger(TopicReader.class);

  /** Frames read per second. */
  private static final int SAMPLED = 48;

  private static final int MAX_FETCH_BYTES = 2 << 20;
  private static final int CALL_WITHIN_MS = 5000;
  private static final int LOOK_FOR_PARTITIONS_MS = 5000;
  private static final long WAIT_AFTER_FAILURE_MS = 1000;
  private static final Duration POLL = Duration.ofMillis(100);

  private final ServeConfig.Topics topics;
  private final LiveHistory history;
  private final LiveSeconds seconds;
  private final FrameJoin join;
  private final KafkaConsumer<byte[], byte[]> outcomes;
  private final KafkaConsumer<byte[], byte[]> frames;
  private final BinaryMessageDecoder<Prediction> predictionDecoder =
      SingleObject.decoder(Prediction.class);
  private final BinaryMessageDecoder<ControlEvent> controlDecoder =
      SingleObject.decoder(ControlEvent.class);
  private final BinaryMessageDecoder<ImageFrame> frameDecoder =
      SingleObject.decoder(ImageFrame.class);
  private final Map<String, Integer> partitions = new HashMap<>();
  private final Map<TopicPartition, Long> frameEnds = new HashMap<>();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread thread = new Thread(this::run, "live-page-reader");
  private boolean lookedBefore;
  private long lookedAtMs = Long.MIN_VALUE;
  private long sampledSecond = Long.MIN_VALUE;
  private String problem;

  /**
   * Starts to read.
   *
   * @throws io.boostnet.jobs.ConfigException where the client properties are of no use
   */
  TopicReader(KafkaAccess kafka, ServeConfig.Topics topics, LiveHistory history) {
    this.topics = topics;
    this.history = history;
    seconds = new LiveSeconds(history::add);
    join = new FrameJoin(history::add);
    outcomes = consumer(kafka, 5000);
    frames = consumer(kafka, SAMPLED);
    thread.setDaemon(true);
    thread.start();
  }

  private static KafkaConsumer<byte[], byte[]> consumer(KafkaAccess kafka, int maxPoll) {
    Properties properties = kafka.properties();
    properties.remove(ConsumerConfig.GROUP_ID_CONFIG);
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_uncommitted");
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "latest");
    properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    properties.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, CALL_WITHIN_MS);
    properties.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, CALL_WITHIN_MS);
    properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, maxPoll);
    properties.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, MAX_FETCH_BYTES);
    properties.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, MAX_FETCH_BYTES);
    return kafka.consumer(properties);
  }

  private void run() {
    try (outcomes;
        frames) {
      while (closing.getCount() > 0) {
        try {
          problem = null;
          step();
          history.problem(problem);
        } catch (WakeupException | InterruptException e) {
          return;
        } catch (KafkaException e) {
          LOG.warn("The topics cannot be read; trying again", e);
          history.problem("Kafka cannot be read: " + e.getMessage() + ".");
          closing.await(WAIT_AFTER_FAILURE_MS, TimeUnit.MILLISECONDS);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.error("The reader of the live page failed", e);
      history.problem("The page's reader failed: " + e + ".");
    }
  }

  private void step() {
    long nowMs = System.currentTimeMillis();
    if (nowMs - LOOK_FOR_PARTITIONS_MS >= lookedAtMs) {
      lookForPartitions();
      lookedAtMs = nowMs;
    }
    long second = Math.floorDiv(nowMs, 1000);
    if (second != sampledSecond) {
      sampledSecond = second;
      sampleFrames(nowMs);
    }
    seconds.advance(nowMs);
    if (outcomes.assignment().isEmpty()) {
      pause();
    } else {
      outcomes.poll(POLL).forEach(this::take);
    }
  }

  private void pause() {
    try {
      closing.await(POLL.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }

  /** Takes partitions on that were not there before. */
  private void lookForPartitions() {
    boolean later = lookedBefore;
    List<String> missing = new ArrayList<>();
    look(outcomes, topics.predictions(), later, 0, missing);
    look(outcomes, topics.deadLetters(), later, 0, missing);
    look(outcomes, topics.controlEvents(), later, LiveHistory.EVENTS, missing);
    look(frames, topics.frames(), later, 0, missing);
    lookedBefore = true;
    missingTopics = missing;
  }

  private List<String> missingTopics = List.of();

  private void look(
      KafkaConsumer<byte[], byte[]> consumer,
      String topic,
      boolean later,
      int tail,
      List<String> missing) {
    List<PartitionInfo> found = consumer.partitionsFor(topic);
    if (found == null || found.isEmpty()) {
      missing.add(topic);
      return;
    }
    List<TopicPartition> added =
        found.stream()
            .map(partition -> new TopicPartition(topic, partition.partition()))
            .filter(partition -> !consumer.assignment().contains(partition))
            .toList();
    if (added.isEmpty()) {
      return;
    }
    List<TopicPartition> all = new ArrayList<>(consumer.assignment());
    all.addAll(added);
    consumer.assign(all);
    Map<TopicPartition, Long> first = consumer.beginningOffsets(added);
    Map<TopicPartition, Long> ends = consumer.endOffsets(added);
    for (TopicPartition partition : added) {
      long from =
          later ? first.get(partition) : Math.max(first.get(partition), ends.get(partition) - tail);
      consumer.seek(partition, from);
      if (topic.equals(topics.frames())) {
        frameEnds.put(partition, from);
      }
    }
  }
}
