package io.boostnet.jobs.format;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericFixed;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;

/**
 * Avro records as plain JSON, with the names of the schema: no wrapping of unions, bytes as base64,
 * and a map of JSON texts ({@code fields} of an outcome) as the values that they are. What is null,
 * and an empty list or map, is left out. Thread-safe.
 */
final class JsonRecords {

  private static final JsonFactory FACTORY = new JsonFactory();
  private static final ObjectReader READER = JsonFrameDecoder.exactMapper().reader();

  /** The one map whose values are JSON texts. */
  private static final String JSON_TEXTS = "fields";

  private JsonRecords() {}

  /** A value of a schema as JSON in one line. */
  static String json(Schema schema, Object value) {
    StringWriter text = new StringWriter();
    try (JsonGenerator out = FACTORY.createGenerator(text)) {
      write(schema, value, out);
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
    return text.toString();
  }

  private static void write(Schema schema, Object value, JsonGenerator out) throws IOException {
    switch (schema.getType()) {
      case RECORD -> writeRecord(schema, (IndexedRecord) value, out);
      case UNION -> write(branch(schema, value), value, out);
      case ARRAY -> {
        out.writeStartArray();
        for (Object item : (Collection<?>) value) {
          write(schema.getElementType(), item, out);
        }
        out.writeEndArray();
      }
      case MAP -> {
        out.writeStartObject();
        for (Map.Entry<?, ?> entry : ((Map<?, ?>) value).entrySet()) {
          out.writeFieldName(entry.getKey().toString());
          write(schema.getValueType(), entry.getValue(), out);
        }
        out.writeEndObject();
      }
      case BYTES -> out.writeBinary(bytes((ByteBuffer) value));
      case FIXED -> out.writeBinary(((GenericFixed) value).bytes());
      case INT -> out.writeNumber((Integer) value);
      case LONG -> out.writeNumber((Long) value);
      case FLOAT -> out.writeNumber((Float) value);
      case DOUBLE -> out.writeNumber((Double) value);
      case BOOLEAN -> out.writeBoolean((Boolean) value);
      case NULL -> out.writeNull();
      case STRING, ENUM -> out.writeString(value.toString());
    }
  }

  private static void writeRecord(Schema schema, IndexedRecord record, JsonGenerator out)
      throws IOException {
    out.writeStartObject();
    for (Schema.Field field : schema.getFields()) {
      Object value = record.get(field.pos());
      if (value == null
          || value instanceof Collection<?> items && items.isEmpty()
          || value instanceof Map<?, ?> entries && entries.isEmpty()) {
        continue;
      }
      out.writeFieldName(field.name());
      if (record instanceof SpecificRecord && isMapOfJson(field)) {
        out.writeStartObject();
        for (Map.Entry<?, ?> entry : ((Map<?, ?>) value).entrySet()) {
          out.writeFieldName(entry.getKey().toString());
          out.writeRawValue(entry.getValue().toString());
        }
        out.writeEndObject();
      } else {
        write(field.schema(), value, out);
      }
    }
    out.writeEndObject();
  }

  private static boolean isMapOfJson(Schema.Field field) {
    return field.schema().getType() == Schema.Type.MAP && field.name().equals(JSON_TEXTS);
  }

  private static Schema branch(Schema union, Object value) {
    return union.getTypes().get(GenericData.get().resolveUnion(union, value));
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(buffer.position(), bytes);
    return bytes;
  }

  /**
   * The record of a JSON text that this class wrote; names that it does not know are passed over.
   *
   * @throws IOException where it is no JSON, or not of such a record
   */
  static <T extends SpecificRecord> T read(byte[] json, Class<T> type) throws IOException {
    Schema schema = SpecificData.get().getSchema(type);
    try {
      return type.cast(readRecord(READER.readTree(json), schema));
    } catch (RuntimeException e) {
      throw new IOException("the text is no " + type.getSimpleName() + ": " + e.getMessage(), e);
    }
  }

  private static SpecificRecord readRecord(JsonNode node, Schema schema) throws IOException {
    SpecificRecord record =
        (SpecificRecord) SpecificData.newInstance(SpecificData.get().getClass(schema), schema);
    for (Schema.Field field : schema.getFields()) {
      JsonNode value = node.get(field.name());
      if (value != null && isMapOfJson(field)) {
        Map<String, String> texts = new LinkedHashMap<>();
        value.properties().forEach(e -> texts.put(e.getKey(), e.getValue().toString()));
        record.put(field.pos(), texts);
      } else {
        record.put(field.pos(), value == null ? absent(field) : read(value, field.schema()));
      }
    }
    return record;
  }

  private static Object absent(Schema.Field field) {
    Schema.Type type = field.schema().getType();
    if (type == Schema.Type.ARRAY) {
      return List.of();
    }
    return type == Schema.Type.MAP ? Map.of() : SpecificData.get().getDefaultValue(field);
  }

  private static Object read(JsonNode node, Schema schema) throws IOException {
    return switch (schema.getType()) {
      case RECORD -> readRecord(node, schema);
      case UNION -> node.isNull() ? null : read(node, valueBranch(schema));
      case ARRAY -> {
        List<Object> items = new ArrayList<>();
        for (JsonNode item : node) {
          items.add(read(item, schema.getElementType()));
        }
        yield items;
      }
      case MAP -> {
        Map<String, Object> entries = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
          entries.put(entry.getKey(), read(entry.getValue(), schema.getValueType()));
        }
        yield entries;
      }
      case BYTES -> ByteBuffer.wrap(node.binaryValue());
      case ENUM -> SpecificData.get().createEnum(node.asText(), schema);
      case INT -> node.asInt();
      case LONG -> node.asLong();
      case FLOAT -> node.floatValue();
      case DOUBLE -> node.doubleValue();
      case BOOLEAN -> node.asBoolean();
      case STRING -> node.asText();
      case NULL, FIXED -> throw new IOException("no value of type " + schema.getType());
    };
  }

  private static Schema valueBranch(Schema union) {
    return union.getTypes().stream()
        .filter(type -> type.getType() != Schema.Type.NULL)
        .findFirst()
        .orElseThrow();
  }
}
