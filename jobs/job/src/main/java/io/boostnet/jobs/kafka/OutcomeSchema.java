package io.boostnet.jobs.kafka;

import io.boostnet.flink.model.RecordHeader;
import io.boostnet.jobs.format.RecordEncoder;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;
import org.apache.avro.specific.SpecificRecord;
import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Records as they go to a topic: a value in its format, a key so that what belongs together stays
 * in order, and headers. The timestamp is left to the producer, on purpose: the stream's is the
 * event time of the frame, a camera's clock, and a Kafka 4 broker refuses a record more than an
 * hour ahead of its own, which would fail the job at every try.
 *
 * @param <T> the record
 */
public final class OutcomeSchema<T extends SpecificRecord>
    implements KafkaRecordSerializationSchema<T> {

  private static final long serialVersionUID = 1;

  /**
   * The key of a record, null for none.
   *
   * @param <T> the record
   */
  public interface Key<T> extends Function<T, String>, Serializable {}

  /**
   * The headers that a record took along.
   *
   * @param <T> the record
   */
  public interface Headers<T>
      extends Function<T, List<io.boostnet.schema.RecordHeader>>, Serializable {}

  private final String topic;
  private final RecordEncoder<T> encoder;
  private final Key<T> key;
  private final Headers<T> headers;

  /** A schema for one topic. */
  public OutcomeSchema(String topic, RecordEncoder<T> encoder, Key<T> key, Headers<T> headers) {
    this.topic = topic;
    this.encoder = encoder;
    this.key = key;
    this.headers = headers;
  }

  /** A schema for one topic of records that take no headers along. */
  public OutcomeSchema(String topic, RecordEncoder<T> encoder, Key<T> key) {
    this(topic, encoder, key, record -> List.of());
  }

  @Override
  public void open(
      SerializationSchema.InitializationContext context, KafkaSinkContext sinkContext) {
    encoder.open();
  }

  @Override
  public ProducerRecord<byte[], byte[]> serialize(
      T record, KafkaSinkContext context, Long timestamp) {
    String text = key.apply(record);
    byte[] keyBytes = text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    RecordEncoder.Encoded encoded = encoder.encode(record);
    ProducerRecord<byte[], byte[]> out = new ProducerRecord<>(topic, keyBytes, encoded.value());
    for (RecordHeader header : encoded.headers()) {
      out.headers().add(header.key(), header.value());
    }
    for (io.boostnet.schema.RecordHeader header : headers.apply(record)) {
      out.headers().add(header.getKey(), bytes(header.getValue()));
    }
    return out;
  }

  private static byte[] bytes(ByteBuffer buffer) {
    if (buffer == null) {
      return null;
    }
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(buffer.position(), bytes);
    return bytes;
  }
}
