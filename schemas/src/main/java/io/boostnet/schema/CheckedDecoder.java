package io.boostnet.schema;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.message.BinaryMessageDecoder;
import org.apache.avro.message.SchemaStore;

/**
 * A decoder of bytes that nobody vouches for. Avro allocates what a length claims before it reads:
 * a record of 40 bytes can ask for 2 GB; and it does not look at what follows the record. This one
 * walks over the record first, which allocates nothing, and refuses bytes that end before it or
 * after it: a second record behind the first would be lost in silence.
 *
 * @param <T> the record
 */
final class CheckedDecoder<T> extends BinaryMessageDecoder<T> {

  private static final int HEADER_BYTES = 10;
  private static final int FINGERPRINT_AT = 2;

  private final SchemaStore schemas;

  CheckedDecoder(GenericData model, Schema reader, SchemaStore writers) {
    super(model, reader, writers);
    this.schemas = writers;
  }

  @Override
  public T decode(InputStream stream, T reuse) throws IOException {
    InputStream record =
        stream.markSupported() ? stream : new ByteArrayInputStream(stream.readAllBytes());
    try {
      record.mark(Integer.MAX_VALUE);
      check(record);
      record.reset();
      return super.decode(record, reuse);
    } catch (EOFException e) {
      throw new IOException("the record ends before its last value", e);
    } catch (IndexOutOfBoundsException | UnsupportedOperationException e) {
      throw new AvroRuntimeException("the record has a value that its schema does not allow", e);
    }
  }

  private void check(InputStream record) throws IOException {
    byte[] header = record.readNBytes(HEADER_BYTES);
    if (header.length == HEADER_BYTES) {
      Schema writer =
          schemas.findByFingerprint(
              ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN).getLong(FINGERPRINT_AT));
      if (writer != null) {
        BoundedRecord.check(writer, record);
      }
    }
  }
}
