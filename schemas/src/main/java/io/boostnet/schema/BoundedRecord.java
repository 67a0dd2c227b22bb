package io.boostnet.schema;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.DecoderFactory;

/**
 * Walks over an Avro record that nobody vouches for. Avro allocates what a length claims before it
 * reads, and does not look at what follows a record; the walk allocates nothing, and refuses bytes
 * that end before the record or after it.
 */
public final class BoundedRecord {

  /** Records may hold themselves; the stack is finite. */
  private static final int DEEPEST = 64;

  private BoundedRecord() {}

  /**
   * Checks that bytes are one record, whole.
   *
   * @param schema the schema that it was written with
   * @param bytes the bytes
   * @param from where the record begins
   * @throws IOException where it does not end where the bytes do
   * @throws AvroRuntimeException where it has a value that the schema does not allow
   */
  public static void check(Schema schema, byte[] bytes, int from) throws IOException {
    check(schema, new ByteArrayInputStream(bytes, from, bytes.length - from));
  }

  static void check(Schema schema, InputStream record) throws IOException {
    try {
      new Walk(record.available())
          .over(schema, DecoderFactory.get().directBinaryDecoder(record, null), 0);
    } catch (EOFException e) {
      throw new IOException("the record ends before its last value", e);
    } catch (IndexOutOfBoundsException | UnsupportedOperationException e) {
      throw new AvroRuntimeException("the record has a value that its schema does not allow", e);
    }
    int rest = record.readAllBytes().length;
    if (rest > 0) {
      throw new IOException(rest + " bytes follow the record, which ends before them");
    }
  }

  private static final class Walk {

    /** Values of no bytes may be claimed by the billion. */
    private long left;

    Walk(int bytes) {
      left = 1_000_000L + bytes;
    }

    void over(Schema schema, Decoder in, int depth) throws IOException {
      if (depth > DEEPEST) {
        throw new AvroRuntimeException("the record is more than " + DEEPEST + " levels deep");
      }
      switch (schema.getType()) {
        case RECORD -> {
          for (Schema.Field field : schema.getFields()) {
            over(field.schema(), in, depth + 1);
          }
        }
        case UNION -> over(schema.getTypes().get(in.readIndex()), in, depth + 1);
        case ARRAY -> {
          for (long items = in.readArrayStart(); items > 0; items = in.arrayNext()) {
            for (long i = 0; i < items; i++) {
              step();
              over(schema.getElementType(), in, depth + 1);
            }
          }
        }
        case MAP -> {
          for (long items = in.readMapStart(); items > 0; items = in.mapNext()) {
            for (long i = 0; i < items; i++) {
              in.skipString();
              over(schema.getValueType(), in, depth + 1);
            }
          }
        }
        default -> GenericDatumReader.skip(schema, in);
      }
    }

    private void step() {
      if (--left < 0) {
        throw new AvroRuntimeException("the record has more values than its bytes can hold");
      }
    }
  }
}
