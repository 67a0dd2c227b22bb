package io.boostnet.jobs.bench;

import io.boostnet.jobs.kafka.KafkaAccess;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Predictions of any build from now on, as they are read back. Used by one thread. */
final class PredictionTail implements Closeable {

  private static final int SINGLE_OBJECT_HEADER = 10;

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final GenericDatumReader<GenericRecord> reader;

  /**
   * Stands at the end of a topic.
   *
   * @param schema what its records were written with
   */
  PredictionTail(KafkaAccess kafka, String topic, Schema schema) {
    Properties properties = kafka.properties();
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    consumer =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    reader = new GenericDatumReader<>(schema);
    List<TopicPartition> all =
        consumer.partitionsFor(topic).stream()
            .map(info -> new TopicPartition(topic, info.partition()))
            .toList();
    consumer.assign(all);
    consumer.seekToEnd(all);
    all.forEach(consumer::position); // else the end is looked up at the first poll
  }

  /** Takes what is there; returns how many predictions that was. */
  int poll(Duration patience, Latencies latencies) {
    ConsumerRecords<byte[], byte[]> records = consumer.poll(patience);
    for (ConsumerRecord<byte[], byte[]> record : records) {
      byte[] value = record.value();
      try {
        GenericRecord prediction =
            reader.read(
                null,
                DecoderFactory.get()
                    .binaryDecoder(
                        value, SINGLE_OBJECT_HEADER, value.length - SINGLE_OBJECT_HEADER, null));
        latencies.take((long) prediction.get("timestampMs"), (long) prediction.get("decidedAtMs"));
      } catch (IOException e) {
        throw new UncheckedIOException("reading " + record.topic() + " back", e);
      }
    }
    return records.count();
  }

  @Override
  public void close() {
    consumer.close();
  }
}
