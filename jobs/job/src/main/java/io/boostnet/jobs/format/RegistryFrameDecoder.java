package io.boostnet.jobs.format;

import io.boostnet.flink.model.EncodedFrame;
import io.boostnet.flink.model.FrameDecoder;
import io.boostnet.flink.model.RejectedFrameException;
import io.boostnet.flink.model.Rejection;
import io.boostnet.flink.model.SourceRecord;
import io.boostnet.schema.BoundedRecord;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;

/**
 * Avro records in a schema registry's framing, read with the schema that they were written with. A
 * schema that the registry does not know makes a dead letter; a registry that does not answer is
 * waited for.
 */
public final class RegistryFrameDecoder implements FrameDecoder<SourceRecord> {

  private static final long serialVersionUID = 1;

  private final RegistryAccess access;
  private final FieldPointers pointers;
  private transient WriterSchemas schemas;
  private transient Map<Schema, GenericDatumReader<GenericRecord>> readers;
  private transient BinaryDecoder binary;

  /**
   * A decoder.
   *
   * @param access the registry
   * @param pointers where a frame's parts are in a record
   */
  public RegistryFrameDecoder(RegistryAccess access, FieldPointers pointers) {
    this.access = access;
    this.pointers = pointers;
  }

  @Override
  public void open() {
    schemas = new WriterSchemas(new SchemaRegistry(access));
    readers = new HashMap<>();
  }

  @Override
  public EncodedFrame decode(SourceRecord record) throws RejectedFrameException {
    byte[] value = record.value();
    if (!RegistryFraming.isFramed(value)) {
      throw unreadable(record, "does not begin with a zero byte and a schema's id");
    }
    int id = RegistryFraming.id(value);
    Optional<Schema> schema = schemas.of(id);
    if (schema.isEmpty() || schema.get().getType() != Schema.Type.RECORD) {
      throw unreadable(
          record, "names schema %d, of which the registry knows no Avro record".formatted(id));
    }
    try {
      return PointedFrame.of(record, new AvroFields(read(value, schema.get())), pointers);
    } catch (IOException | AvroRuntimeException | IndexOutOfBoundsException e) {
      throw unreadable(record, "is no record of schema %d: %s".formatted(id, e.getMessage()));
    } catch (RecordFields.FieldException e) {
      throw new RejectedFrameException(Rejection.unreadable(record, e.getMessage()));
    }
  }

  private GenericRecord read(byte[] value, Schema schema) throws IOException {
    int from = RegistryFraming.HEADER_BYTES;
    BoundedRecord.check(schema, value, from);
    binary = DecoderFactory.get().binaryDecoder(value, from, value.length - from, binary);
    GenericDatumReader<GenericRecord> reader =
        readers.computeIfAbsent(schema, GenericDatumReader::new);
    return reader.read(null, binary);
  }

  private static RejectedFrameException unreadable(SourceRecord record, String detail) {
    int length = record.value() == null ? 0 : record.value().length;
    return new RejectedFrameException(
        Rejection.unreadable(record, "the record of %d bytes %s".formatted(length, detail)));
  }
}
