package io.boostnet.jobs.format;

import io.boostnet.flink.model.SourceRecord;
import java.io.IOException;

/**
 * From a Kafka record to a record of the schemas: the counterpart of {@link RecordEncoder}. For one
 * thread.
 *
 * @param <T> the record
 */
@FunctionalInterface
public interface RecordReader<T> {

  /**
   * Reads a record.
   *
   * @throws IOException where it is not such a record; runtime exceptions of Avro too
   */
  T read(SourceRecord record) throws IOException;
}
