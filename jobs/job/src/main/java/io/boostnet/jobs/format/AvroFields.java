package io.boostnet.jobs.format;

import java.nio.ByteBuffer;
import java.util.Base64;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericFixed;
import org.apache.avro.generic.GenericRecord;

/** The fields of an Avro record, those of records in it by a pointer of several steps. */
final class AvroFields implements RecordFields {

  private static final long MICROS = 1_000;
  private static final long NANOS = 1_000_000;

  private final GenericRecord root;

  AvroFields(GenericRecord root) {
    this.root = root;
  }

  /** A value, and what its schema says of it. */
  private record At(Object value, Schema.Field field) {

    /** The logical type of the field, or of the branch of its union that has one. */
    LogicalType logicalType() {
      Schema schema = field.schema();
      if (schema.getType() != Schema.Type.UNION) {
        return schema.getLogicalType();
      }
      return schema.getTypes().stream()
          .map(Schema::getLogicalType)
          .filter(type -> type != null)
          .findFirst()
          .orElse(null);
    }
  }

  /** Null where there is none. */
  private At at(String pointer) {
    Object value = root;
    Schema.Field field = null;
    for (int from = 1; from <= pointer.length(); ) {
      int slash = pointer.indexOf('/', from);
      int to = slash < 0 ? pointer.length() : slash;
      if (!(value instanceof GenericRecord record)) {
        return null;
      }
      field = record.getSchema().getField(pointer.substring(from, to));
      if (field == null) {
        return null;
      }
      value = record.get(field.pos());
      from = to + 1;
    }
    return value == null ? null : new At(value, field);
  }

  @Override
  public String text(String pointer) throws FieldException {
    At at = at(pointer);
    if (at == null) {
      return null;
    }
    if (at.value instanceof CharSequence
        || at.value instanceof Long
        || at.value instanceof Integer
        || at.value instanceof GenericData.EnumSymbol) {
      return at.value.toString();
    }
    throw new FieldException(pointer, "a text");
  }

  @Override
  public Long number(String pointer) throws FieldException {
    At at = at(pointer);
    if (at == null || at.value instanceof Long || at.value instanceof Integer) {
      return at == null ? null : Long.valueOf(((Number) at.value).longValue());
    }
    throw new FieldException(pointer, "a whole number");
  }

  @Override
  public Long timeMs(String pointer) throws FieldException {
    Long number = number(pointer);
    if (number == null) {
      return null;
    }
    LogicalType type = at(pointer).logicalType();
    if (type instanceof LogicalTypes.TimestampMicros) {
      return Math.floorDiv(number, MICROS);
    }
    return type instanceof LogicalTypes.TimestampNanos ? Math.floorDiv(number, NANOS) : number;
  }

  @Override
  public byte[] bytes(String pointer) throws FieldException {
    At at = at(pointer);
    if (at == null) {
      return null;
    }
    if (at.value instanceof ByteBuffer buffer) {
      if (buffer.hasArray() && buffer.remaining() == buffer.array().length) {
        return buffer.array();
      }
      byte[] bytes = new byte[buffer.remaining()];
      buffer.get(buffer.position(), bytes);
      return bytes;
    }
    if (at.value instanceof GenericFixed fixed) {
      return fixed.bytes();
    }
    try {
      if (at.value instanceof CharSequence text) {
        return Base64.getDecoder().decode(text.toString());
      }
    } catch (IllegalArgumentException e) {
      // Said below.
    }
    throw new FieldException(pointer, "bytes, or a text in base64");
  }

  @Override
  public String json(String pointer) {
    At at = at(pointer);
    return at == null ? null : JsonRecords.json(at.field.schema(), at.value);
  }
}
