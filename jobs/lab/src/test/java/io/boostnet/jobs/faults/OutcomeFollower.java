package io.boostnet.jobs.faults;

import io.boostnet.jobs.accounts.Accounts;
import io.boostnet.jobs.kafka.KafkaAccess;
import io.boostnet.jobs.serve.ServeConfig;
import io.boostnet.schema.DeadLetter;
import io.boostnet.schema.Prediction;
import io.boostnet.schema.SingleObject;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.apache.avro.message.BinaryMessageDecoder;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads outcomes as a careful reader does, committed ones alone, on a thread of its own. */
final class OutcomeFollower implements Closeable {

  private static final Duration POLL = Duration.ofMillis(100);

  /**
   * A prediction and when it could be read.
   *
   * @param prediction what was read
   * @param seen when
   */
  record Seen(Prediction prediction, Instant seen) {

    Accounts.Key key() {
      return new Accounts.Key(prediction.getSourceId(), prediction.getSequence());
    }
  }

  private final KafkaAccess kafka;
  private final ServeConfig.Topics topics;
  private final List<TopicPartition> partitions;
  private final Accounts accounts;
  private final Queue<Seen> predictions = new ConcurrentLinkedQueue<>();
  private final Map<TopicPartition, Long> positions = new ConcurrentHashMap<>();
  private final Thread thread = new Thread(this::follow, "outcomes");
  private volatile boolean stopped;
  private volatile RuntimeException failure;

  OutcomeFollower(
      KafkaAccess kafka, ServeConfig.Topics topics, int partitionsOfEach, Accounts accounts) {
    this.kafka = kafka;
    this.topics = topics;
    this.accounts = accounts;
    this.partitions =
        Stream.of(topics.predictions(), topics.deadLetters())
            .flatMap(
                topic ->
                    Stream.iterate(0, i -> i + 1)
                        .limit(partitionsOfEach)
                        .map(i -> new TopicPartition(topic, i)))
            .toList();
    thread.setDaemon(true);
    thread.start();
  }

  private KafkaConsumer<byte[], byte[]> consumer(String isolation) {
    Properties properties = kafka.properties();
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, isolation);
    KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    consumer.assign(partitions);
    return consumer;
  }

  private void follow() {
    BinaryMessageDecoder<Prediction> predictionDecoder = SingleObject.decoder(Prediction.class);
    BinaryMessageDecoder<DeadLetter> letterDecoder = SingleObject.decoder(DeadLetter.class);
    try (KafkaConsumer<byte[], byte[]> consumer = consumer("read_committed")) {
      consumer.seekToBeginning(partitions);
      while (!stopped) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
          if (record.topic().equals(topics.predictions())) {
            Seen seen = new Seen(predictionDecoder.decode(record.value()), Instant.now());
            predictions.add(seen);
            accounts.predicted(seen.key());
          } else {
            DeadLetter letter = letterDecoder.decode(record.value());
            accounts.dead(letter.getPartition(), letter.getOffset());
          }
        }
        partitions.forEach(p -> positions.put(p, consumer.position(p)));
      }
    } catch (IOException e) {
      failure = new UncheckedIOException("reading outcomes back", e);
    } catch (RuntimeException e) {
      failure = e;
    }
  }

  /** All predictions so far, in the order in which they were read. */
  Queue<Seen> predictions() {
    if (failure != null) {
      throw failure;
    }
    return predictions;
  }

  /** Whether everything on the topics was read, so that no transaction is open either. */
  boolean hasReadAll() {
    try (KafkaConsumer<byte[], byte[]> all = consumer("read_uncommitted")) {
      return all.endOffsets(partitions).entrySet().stream()
          .allMatch(end -> positions.getOrDefault(end.getKey(), 0L) >= end.getValue());
    }
  }

  @Override
  public void close() {
    stopped = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
