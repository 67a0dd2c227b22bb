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
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.DecoderFactory;
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
        walk(writer, DecoderFactory.get().directBinaryDecoder(record, null));
        int rest = record.readAllBytes().length;
        if (rest > 0) {
          throw new IOException(rest + " bytes follow the record, which ends before them");
        }
      }
    }
  }

  private static void walk(Schema schema, Decoder in) throws IOException {
    switch (schema.getType()) {
      case RECORD -> {
        for (Schema.Field field : schema.getFields()) {
          walk(field.schema(), in);
        }
      }
      case UNION -> walk(schema.getTypes().get(in.readIndex()), in);
      case ARRAY -> {
        for (long items = in.readArrayStart(); items > 0; items = in.arrayNext()) {
          for (long i = 0; i < items; i++) {
            walk(schema.getElementType(), in);
          }
        }
      }
      default -> GenericDatumReader.skip(schema, in);
    }
  }
}
