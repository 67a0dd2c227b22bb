package io.boostnet.jobs.format;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeType;
import io.boostnet.flink.model.EncodedFrame;
import io.boostnet.flink.model.FrameDecoder;
import io.boostnet.flink.model.RejectedFrameException;
import io.boostnet.flink.model.Rejection;
import io.boostnet.flink.model.SourceRecord;
import java.io.IOException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.Map;

/**
 * Records that are one JSON object. Numbers of any size and precision reach the baggage as they
 * were written; a second value behind the object, and a name given twice, make a dead letter.
 */
public final class JsonFrameDecoder implements FrameDecoder<SourceRecord> {

  private static final long serialVersionUID = 1;

  private final FieldPointers pointers;
  private transient ObjectReader reader;
  private transient Map<String, JsonPointer> compiled;

  /** A decoder that finds a frame's parts at these pointers. */
  public JsonFrameDecoder(FieldPointers pointers) {
    this.pointers = pointers;
  }

  /** Reads exact numbers, and text as long as a record may be. */
  static JsonMapper exactMapper() {
    JsonFactory factory =
        JsonFactory.builder()
            .streamReadConstraints(
                StreamReadConstraints.builder().maxStringLength(64 << 20).build())
            .build();
    return JsonMapper.builder(factory)
        .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
        .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
        .build();
  }

  @Override
  public void open() {
    reader = exactMapper().reader();
    compiled = new HashMap<>();
  }

  @Override
  public EncodedFrame decode(SourceRecord record) throws RejectedFrameException {
    try {
      JsonNode root =
          record.value() == null ? reader.createObjectNode() : reader.readTree(record.value());
      if (!root.isObject() || record.value() == null) {
        throw new RejectedFrameException(
            Rejection.unreadable(record, "the record is no JSON object"));
      }
      return PointedFrame.of(record, new Fields(root), pointers);
    } catch (JsonProcessingException e) {
      throw new RejectedFrameException(
          Rejection.unreadable(
              record,
              "the record of %d bytes is not JSON: %s"
                  .formatted(record.value().length, e.getOriginalMessage())));
    } catch (RecordFields.FieldException e) {
      throw new RejectedFrameException(Rejection.unreadable(record, e.getMessage()));
    } catch (IOException e) {
      throw new RejectedFrameException(
          Rejection.unreadable(record, "the record is not JSON: " + e.getMessage()));
    }
  }

  private final class Fields implements RecordFields {

    private final JsonNode root;

    Fields(JsonNode root) {
      this.root = root;
    }

    private JsonNode at(String pointer) {
      JsonNode node = root.at(compiled.computeIfAbsent(pointer, JsonPointer::compile));
      return node.isMissingNode() || node.isNull() ? null : node;
    }

    @Override
    public String text(String pointer) throws FieldException {
      JsonNode node = at(pointer);
      if (node != null && !node.isTextual() && !node.isIntegralNumber()) {
        throw new FieldException(pointer, "a text");
      }
      return node == null ? null : node.asText();
    }

    @Override
    public Long number(String pointer) throws FieldException {
      JsonNode node = at(pointer);
      if (node != null && !(node.isIntegralNumber() && node.canConvertToLong())) {
        throw new FieldException(pointer, "a whole number of 64 bits");
      }
      return node == null ? null : Long.valueOf(node.asLong());
    }

    @Override
    public Long timeMs(String pointer) throws FieldException {
      JsonNode node = at(pointer);
      if (node == null || node.getNodeType() != JsonNodeType.STRING) {
        return number(pointer);
      }
      try {
        return Instant.parse(node.asText()).toEpochMilli();
      } catch (DateTimeParseException | ArithmeticException e) {
        throw new FieldException(pointer, "a time: milliseconds, or as 2026-01-31T08:00:00Z");
      }
    }

    @Override
    public byte[] bytes(String pointer) throws FieldException {
      JsonNode node = at(pointer);
      try {
        if (node == null || node.isTextual()) {
          return node == null ? null : node.binaryValue();
        }
      } catch (IOException e) {
        // Said below.
      }
      throw new FieldException(pointer, "base64");
    }

    @Override
    public String json(String pointer) {
      JsonNode node = at(pointer);
      return node == null ? null : node.toString();
    }
  }
}
