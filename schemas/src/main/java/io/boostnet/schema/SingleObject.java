package io.boostnet.schema;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.message.BinaryMessageDecoder;
import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.avro.message.SchemaStore;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;

/**
 * Avro single-object encoding of the records on Kafka: two marker bytes, the fingerprint of the
 * writer's schema, and the record. Readers know the schemas of all releases, so that records which
 * an older release wrote still read.
 *
 * @see <a href="https://avro.apache.org/docs/1.12.0/specification/#single-object-encoding">Avro
 *     specification</a>
 */
public final class SingleObject {

  /** Releases whose schemas are kept, oldest first. A schema that changes needs a new entry. */
  static final List<String> RELEASES = List.of("0.1.0");

  private SingleObject() {}

  /**
   * An encoder, thread-safe, to be kept: making one costs more than a record. Every call of it
   * gives a buffer of its own.
   *
   * @param type a generated class of this package
   */
  public static <T extends SpecificRecord> BinaryMessageEncoder<T> encoder(Class<T> type) {
    return new BinaryMessageEncoder<>(SpecificData.getForClass(type), schemaOf(type));
  }

  /**
   * A decoder of what any release wrote, thread-safe, to be kept. It throws an {@link IOException}
   * or an {@link org.apache.avro.AvroRuntimeException} for other bytes, and takes no more memory
   * for them than a few times their number.
   *
   * @param type a generated class of this package
   */
  public static <T extends SpecificRecord> BinaryMessageDecoder<T> decoder(Class<T> type) {
    SchemaStore.Cache writers = new SchemaStore.Cache();
    writers.addSchema(schemaOf(type));
    for (String release : RELEASES) {
      writers.addSchema(released(release, type));
    }
    return new CheckedDecoder<>(SpecificData.getForClass(type), schemaOf(type), writers);
  }

  private static Schema schemaOf(Class<?> type) {
    return SpecificData.get().getSchema(type);
  }

  /** The schema of a record as a release had it. */
  static Schema released(String release, Class<?> type) {
    String file = "released/" + release + "/" + type.getSimpleName() + ".avsc";
    try (InputStream in = SingleObject.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalArgumentException(
            type.getName() + " is not a record of release " + release);
      }
      return new Schema.Parser().parse(in);
    } catch (IOException e) {
      throw new UncheckedIOException("The schema " + file + " cannot be read", e);
    }
  }
}
