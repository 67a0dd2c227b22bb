package io.boostnet.jobs.kafka;

import io.boostnet.schema.SingleObject;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Records as they go to a topic: Avro single-object encoding, and a key so that what belongs
 * together stays in order. The timestamp is left to the producer, on purpose: the stream's is the
 * event time of the frame, a camera's clock, and a Kafka 4 broker refuses a record more than an
 * hour ahead of its own, which would fail the job at every try.
 *
 * @param <T> the record
 */
public final class AvroValueSchema<T extends SpecificRecordBase>
    implements KafkaRecordSerializationSchema<T> {

  private static final long serialVersionUID = 1;

  /**
   * The key of a record, null for none.
   *
   * @param <T> the record
   */
  public interface Key<T> extends Function<T, String>, Serializable {}

  private final String topic;
  private final Class<T> type;
  private final Key<T> key;
  private transient BinaryMessageEncoder<T> encoder;

  /** A schema for one topic. */
  public AvroValueSchema(String topic, Class<T> type, Key<T> key) {
    this.topic = topic;
    this.type = type;
    this.key = key;
  }

  @Override
  public void open(
      SerializationSchema.InitializationContext context, KafkaSinkContext sinkContext) {
    encoder = SingleObject.encoder(type);
  }

  @Override
  public ProducerRecord<byte[], byte[]> serialize(
      T record, KafkaSinkContext context, Long timestamp) {
    String text = key.apply(record);
    byte[] keyBytes = text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    try {
      ByteBuffer value = encoder.encode(record);
      byte[] bytes = new byte[value.remaining()];
      value.get(bytes);
      return new ProducerRecord<>(topic, keyBytes, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException("encoding a record for " + topic, e);
    }
  }
}
