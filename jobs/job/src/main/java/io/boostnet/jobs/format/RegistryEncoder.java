package io.boostnet.jobs.format;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;

/**
 * Avro in a schema registry's framing. The id is asked for before the job starts, so that it runs
 * without the registry.
 *
 * @param <T> the record
 */
public final class RegistryEncoder<T extends SpecificRecord> implements RecordEncoder<T> {

  private static final long serialVersionUID = 1;

  private final Class<T> type;
  private final byte[] header;
  private transient SpecificDatumWriter<T> writer;
  private transient ByteArrayOutputStream bytes;
  private transient BinaryEncoder encoder;

  /**
   * An encoder of a generated class.
   *
   * @param id the id of its schema
   */
  public RegistryEncoder(Class<T> type, int id) {
    this.type = type;
    this.header = RegistryFraming.header(id);
  }

  @Override
  public void open() {
    writer = new SpecificDatumWriter<>(SpecificData.get().getSchema(type));
    bytes = new ByteArrayOutputStream();
  }

  @Override
  public Encoded encode(T record) {
    try {
      bytes.reset();
      bytes.writeBytes(header);
      encoder = EncoderFactory.get().binaryEncoder(bytes, encoder);
      writer.write(record, encoder);
      encoder.flush();
      return Encoded.of(bytes.toByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException("encoding a " + type.getSimpleName(), e);
    }
  }
}
