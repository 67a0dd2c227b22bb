package io.boostnet.jobs.kafka;

import java.io.Closeable;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * What of a topic stands behind open transactions, from their first record on: records between the
 * last stable offset, where a reader of committed records stops, and the end. Such a reader's lag
 * does not count them. Time comes in as data. One thread asks and closes it; the answers may be
 * read by others.
 */
public final class OpenTransactions implements Closeable {

  private static final Duration CLOSE_WITHIN = Duration.ofSeconds(1);

  private final List<String> topics;
  private final Pattern pattern;
  private final KafkaConsumer<byte[], byte[]> stable;
  private final KafkaConsumer<byte[], byte[]> all;

  /** Where each partition's reader of committed records is held up, and since when. */
  private final Map<TopicPartition, Held> held = new HashMap<>();

  private volatile long records;
  private volatile long oldestMs;

  private record Held(long offset, long sinceMs) {}

  /** Of a topic; asks nothing yet. */
  public OpenTransactions(KafkaAccess kafka, String topic) {
    this(kafka, List.of(topic), null);
  }

  /**
   * Of several topics; asks nothing yet.
   *
   * @param topics their names
   * @param pattern what the names of others match, found anew each time; null for no others
   */
  public OpenTransactions(KafkaAccess kafka, List<String> topics, Pattern pattern) {
    this.topics = List.copyOf(topics);
    this.pattern = pattern;
    stable = consumer(kafka, IsolationLevel.READ_COMMITTED);
    all = consumer(kafka, IsolationLevel.READ_UNCOMMITTED);
  }

  private static KafkaConsumer<byte[], byte[]> consumer(
      KafkaAccess kafka, IsolationLevel isolation) {
    Properties properties = kafka.properties();
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, isolation.toString());
    properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    return new KafkaConsumer<>(
        properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /** Asks the brokers. Throws what Kafka's consumer does. */
  public void ask(long nowMs) {
    List<TopicPartition> partitions =
        Stream.concat(topics.stream(), matching())
            .flatMap(topic -> all.partitionsFor(topic).stream())
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .toList();
    take(stable.endOffsets(partitions), all.endOffsets(partitions), nowMs);
  }

  private Stream<String> matching() {
    return pattern == null
        ? Stream.empty()
        : all.listTopics().keySet().stream().filter(name -> pattern.matcher(name).matches());
  }

  /** Takes an answer of the brokers. */
  void take(Map<TopicPartition, Long> stableEnds, Map<TopicPartition, Long> ends, long nowMs) {
    long open = 0;
    long oldest = 0;
    for (Map.Entry<TopicPartition, Long> end : ends.entrySet()) {
      TopicPartition partition = end.getKey();
      long from = stableEnds.get(partition);
      open += Math.max(0, end.getValue() - from);
      if (from >= end.getValue()) {
        held.remove(partition);
        continue;
      }
      Held now =
          held.merge(
              partition,
              new Held(from, nowMs),
              (before, other) -> before.offset() == other.offset() ? before : other);
      oldest = Math.max(oldest, nowMs - now.sinceMs());
    }
    records = open;
    oldestMs = oldest;
  }

  /**
   * Records behind the last stable offsets, of all partitions, when the brokers were last asked.
   */
  public long records() {
    return records;
  }

  /** How long the last stable offset has stood still where records are behind it; the longest. */
  public long oldestMs() {
    return oldestMs;
  }

  @Override
  public void close() {
    stable.close(CloseOptions.timeout(CLOSE_WITHIN));
    all.close(CloseOptions.timeout(CLOSE_WITHIN));
  }
}
