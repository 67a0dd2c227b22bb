package io.boostnet.jobs.format;

import io.boostnet.flink.model.RecordHeader;
import java.io.Serializable;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;

/**
 * From a record of the schemas to what stands on Kafka. An instance is opened and used by one
 * thread.
 *
 * @param <T> the record
 */
public interface RecordEncoder<T extends SpecificRecord> extends Serializable {

  /**
   * What stands on Kafka.
   *
   * @param value the value
   * @param headers headers that the format needs
   */
  record Encoded(byte[] value, List<RecordHeader> headers) {

    /** A value that needs no headers. */
    public static Encoded of(byte[] value) {
      return new Encoded(value, List.of());
    }
  }

  /** Prepares what is not serialized; called once before the first record. */
  void open();

  /** A record as it stands on Kafka. */
  Encoded encode(T record);
}
