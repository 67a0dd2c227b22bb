package io.boostnet.jobs.format;

import io.boostnet.schema.SingleObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.avro.specific.SpecificRecord;

/**
 * Avro single-object encoding.
 *
 * @param <T> the record
 */
public final class AvroEncoder<T extends SpecificRecord> implements RecordEncoder<T> {

  private static final long serialVersionUID = 1;

  private final Class<T> type;
  private transient BinaryMessageEncoder<T> encoder;

  /** An encoder of a generated class. */
  public AvroEncoder(Class<T> type) {
    this.type = type;
  }

  @Override
  public void open() {
    encoder = SingleObject.encoder(type);
  }

  @Override
  public Encoded encode(T record) {
    try {
      ByteBuffer value = encoder.encode(record);
      byte[] bytes = new byte[value.remaining()];
      value.get(bytes);
      return Encoded.of(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException("encoding a " + type.getSimpleName(), e);
    }
  }
}
