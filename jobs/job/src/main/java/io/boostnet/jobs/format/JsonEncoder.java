package io.boostnet.jobs.format;

import java.nio.charset.StandardCharsets;
import org.apache.avro.specific.SpecificRecord;

/**
 * A JSON object in one line.
 *
 * @param <T> the record
 */
public final class JsonEncoder<T extends SpecificRecord> implements RecordEncoder<T> {

  private static final long serialVersionUID = 1;

  @Override
  public void open() {}

  @Override
  public Encoded encode(T record) {
    return Encoded.of(
        JsonRecords.json(record.getSchema(), record).getBytes(StandardCharsets.UTF_8));
  }
}
