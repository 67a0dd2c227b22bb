package io.boostnet.jobs.kafka;

import io.boostnet.flink.model.RecordHeader;
import io.boostnet.flink.model.SourceRecord;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/** Hands a Kafka record on unread: what cannot be read is the decoder's to report, not to throw. */
public final class SourceRecordSchema implements KafkaRecordDeserializationSchema<SourceRecord> {

  private static final long serialVersionUID = 2;

  /** Which records go on; for many threads, and never throwing. */
  public interface Filter extends Predicate<SourceRecord>, Serializable {}

  private final Filter filter;

  /** All records. */
  public SourceRecordSchema() {
    this(record -> true);
  }

  /** Those records that a filter takes; the others are passed over as if they were not there. */
  public SourceRecordSchema(Filter filter) {
    this.filter = filter;
  }

  /** A record of a consumer. */
  public static SourceRecord of(ConsumerRecord<byte[], byte[]> record) {
    return new SourceRecord(
        record.key(),
        record.value(),
        record.topic(),
        record.partition(),
        record.offset(),
        record.timestamp(),
        headers(record.headers().toArray()));
  }

  private static List<RecordHeader> headers(Header[] headers) {
    if (headers.length == 0) {
      return List.of();
    }
    List<RecordHeader> list = new ArrayList<>(headers.length);
    for (Header header : headers) {
      list.add(new RecordHeader(header.key(), header.value()));
    }
    return list;
  }

  @Override
  public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<SourceRecord> out) {
    SourceRecord read = of(record);
    if (filter.test(read)) {
      out.collect(read);
    }
  }

  @Override
  public TypeInformation<SourceRecord> getProducedType() {
    return TypeInformation.of(SourceRecord.class);
  }
}
