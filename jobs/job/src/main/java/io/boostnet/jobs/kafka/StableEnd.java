package io.boostnet.jobs.kafka;

import java.util.Collection;
import java.util.Map;
import java.util.Properties;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Starts at the end of what is visible to this source. Flink's own {@code latest} starts at the end
 * of the log, also where records are read committed, so that what stands behind an open transaction
 * is never read.
 */
@SuppressWarnings("deprecation") // the type of Kafka's that the connector asks for
public final class StableEnd implements OffsetsInitializer {

  private static final long serialVersionUID = 1;

  private final Properties properties;

  /**
   * An initializer.
   *
   * @param properties those of the source, {@code isolation.level} among them
   */
  public StableEnd(Properties properties) {
    this.properties = new Properties();
    this.properties.putAll(properties);
    this.properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
  }

  @Override
  public Map<TopicPartition, Long> getPartitionOffsets(
      Collection<TopicPartition> partitions, PartitionOffsetsRetriever brokers) {
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      return consumer.endOffsets(partitions);
    }
  }

  @Override
  public OffsetResetStrategy getAutoOffsetResetStrategy() {
    return OffsetResetStrategy.LATEST;
  }
}
