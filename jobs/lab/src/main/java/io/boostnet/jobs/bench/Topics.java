package io.boostnet.jobs.bench;

import io.boostnet.jobs.format.RecordEncoder;
import io.boostnet.jobs.kafka.KafkaAccess;
import java.io.Closeable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.DeleteTopicsOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The topics of a benchmark: filled beforehand, and watched through their end offsets, which costs
 * the process that measures next to nothing. Used by one thread.
 */
final class Topics implements Closeable {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration POLL = Duration.ofMillis(200);
  private static final int DELETE_MILLIS = 5000;

  private static final Logger LOG = LoggerFactory.getLogger(Topics.class);

  private final KafkaAccess kafka;
  private final int partitions;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private int made;

  /** Topics with so many partitions each. */
  Topics(KafkaAccess kafka, int partitions) {
    this.kafka = kafka;
    this.partitions = partitions;
    Properties properties = kafka.properties();
    consumer =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  KafkaAccess kafka() {
    return kafka;
  }

  /** A new topic; the name begins as given. */
  String create(String prefix) {
    String name = prefix + "-" + ++made;
    kafka.ensureTopics(Map.of(name, partitions));
    return name;
  }

  /** Deletes topics; what a broker does not delete within seconds stays. */
  void delete(List<String> topics) {
    try (Admin admin = Admin.create(kafka.properties())) {
      admin.deleteTopics(topics, new DeleteTopicsOptions().timeoutMs(DELETE_MILLIS)).all().get();
    } catch (ExecutionException | KafkaException e) {
      LOG.warn("topics {} were not deleted", topics, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Lets the broker delete what is older than so many bytes of a partition. */
  void retain(long bytes, List<String> topics) throws InterruptedException, ExecutionException {
    List<AlterConfigOp> limits =
        List.of(
            set(TopicConfig.RETENTION_BYTES_CONFIG, bytes),
            set(TopicConfig.SEGMENT_BYTES_CONFIG, bytes / 4),
            set(TopicConfig.FILE_DELETE_DELAY_MS_CONFIG, 1000));
    Map<ConfigResource, Collection<AlterConfigOp>> changes = new HashMap<>();
    topics.forEach(
        topic -> changes.put(new ConfigResource(ConfigResource.Type.TOPIC, topic), limits));
    try (Admin admin = Admin.create(kafka.properties())) {
      admin.incrementalAlterConfigs(changes).all().get();
    }
  }

  private static AlterConfigOp set(String name, long value) {
    return new AlterConfigOp(
        new ConfigEntry(name, String.valueOf(value)), AlterConfigOp.OpType.SET);
  }

  /** Publishes records, dealt to the partitions in turn. */
  void fill(String topic, long count, LongFunction<byte[]> value) {
    fillEncoded(topic, count, i -> RecordEncoder.Encoded.of(value.apply(i)));
  }

  /** The same of records that have headers. */
  void fillEncoded(String topic, long count, LongFunction<RecordEncoder.Encoded> records) {
    try (Producer<byte[], byte[]> producer = kafka.producer()) {
      send(producer, topic, count, records);
    }
  }

  private void send(
      Producer<byte[], byte[]> producer,
      String topic,
      long count,
      LongFunction<RecordEncoder.Encoded> records) {
    for (long i = 0; i < count; i++) {
      RecordEncoder.Encoded encoded = records.apply(i);
      ProducerRecord<byte[], byte[]> record =
          new ProducerRecord<>(topic, (int) (i % partitions), null, null, encoded.value());
      encoded.headers().forEach(header -> record.headers().add(header.key(), header.value()));
      producer.send(record);
    }
  }

  /**
   * Records on a topic that cannot be read before their release, and then all at once, by readers
   * of what is committed. Closing it takes back what was not released.
   */
  static final class Withheld implements Closeable {

    private final Producer<byte[], byte[]> producer;

    private Withheld(Producer<byte[], byte[]> producer) {
      this.producer = producer;
    }

    void release() {
      producer.commitTransaction();
    }

    @Override
    public void close() {
      producer.close();
    }
  }

  /**
   * Publishes records in one transaction, dealt to the partitions in turn; the caller closes it.
   */
  Withheld withhold(String topic, long count, LongFunction<byte[]> value) {
    String id = "withheld-" + topic + "-" + ++made;
    Producer<byte[], byte[]> producer =
        new KafkaAccess(
                kafka.bootstrapServers(), Map.of(ProducerConfig.TRANSACTIONAL_ID_CONFIG, id))
            .producer();
    producer.initTransactions();
    producer.beginTransaction();
    send(producer, topic, count, i -> RecordEncoder.Encoded.of(value.apply(i)));
    producer.flush();
    return new Withheld(producer);
  }

  /**
   * Waits until a topic has so many records, committed or not.
   *
   * @param alive whether records can still be expected
   * @return how many it has then
   */
  long await(String topic, long records, long pollMillis, BooleanSupplier alive)
      throws InterruptedException, ExecutionException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    long last = -1;
    while (true) {
      long count = count(topic);
      if (count >= records) {
        return count;
      }
      if (count > last) {
        last = count;
        deadline = System.nanoTime() + PATIENCE.toNanos();
      }
      if (!alive.getAsBoolean() || System.nanoTime() > deadline) {
        throw new IllegalStateException(
            "the job stopped at %,d of %,d records on %s; see target/logs/boostnet.log"
                .formatted(count, records, topic));
      }
      Thread.sleep(pollMillis);
    }
  }

  /** Records that a topic has taken, committed or not. */
  long count(String topic) {
    return consumer.endOffsets(partitionsOf(topic)).values().stream()
        .mapToLong(Long::longValue)
        .sum();
  }

  private List<TopicPartition> partitionsOf(String topic) {
    List<TopicPartition> all = new ArrayList<>();
    for (int i = 0; i < partitions; i++) {
      all.add(new TopicPartition(topic, i));
    }
    return all;
  }

  /** All records of a topic. */
  void forEach(String topic, Consumer<byte[]> reader) {
    List<TopicPartition> all = partitionsOf(topic);
    consumer.assign(all);
    consumer.seekToBeginning(all);
    Map<TopicPartition, Long> ends = consumer.endOffsets(all);
    while (ends.entrySet().stream()
        .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        reader.accept(record.value());
      }
    }
    consumer.unsubscribe();
  }

  @Override
  public void close() {
    consumer.close();
  }
}
