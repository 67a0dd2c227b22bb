package io.boostnet.jobs.format;

import io.boostnet.flink.model.Baggage;
import io.boostnet.flink.model.EncodedFrame;
import io.boostnet.flink.model.Frame;
import io.boostnet.flink.model.Origin;
import io.boostnet.flink.model.SourceRecord;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Puts a frame together from the fields that pointers lead to. */
final class PointedFrame {

  private PointedFrame() {}

  static EncodedFrame of(SourceRecord record, RecordFields fields, FieldPointers pointers)
      throws RecordFields.FieldException {
    String sourceId = fields.text(pointers.sourceId());
    Frame frame =
        new Frame(
            sourceId == null ? KafkaDefaults.sourceId(record) : sourceId,
            or(fields.number(pointers.sequence()), record.offset()),
            or(fields.timeMs(pointers.timestampMs()), record.timestampMs()),
            integer(fields, pointers.label(), Frame.UNLABELLED),
            or(fields.timeMs(pointers.deadlineMs()), Frame.NO_DEADLINE),
            Origin.of(record),
            baggage(fields, pointers.take()));
    byte[] image = fields.bytes(pointers.image());
    boolean empty = image == null || image.length == 0;
    String reference = empty ? fields.text(pointers.reference()) : null;
    if (empty && reference == null) {
      throw new RecordFields.FieldException(
          pointers.image(), "there, and none at " + pointers.reference() + " either");
    }
    return new EncodedFrame(
        frame,
        fields.text(pointers.contentType()),
        image,
        reference,
        integer(fields, pointers.width(), 0),
        integer(fields, pointers.height(), 0));
  }

  private static Baggage baggage(RecordFields fields, List<String> take)
      throws RecordFields.FieldException {
    if (take.isEmpty()) {
      return Baggage.NONE;
    }
    Map<String, String> taken = new LinkedHashMap<>();
    for (String pointer : take) {
      String json = fields.json(pointer);
      if (json != null) {
        taken.put(pointer.substring(1), json);
      }
    }
    return new Baggage(List.of(), taken);
  }

  private static long or(Long value, long otherwise) {
    return value == null ? otherwise : value;
  }

  private static int integer(RecordFields fields, String pointer, int otherwise)
      throws RecordFields.FieldException {
    long value = or(fields.number(pointer), otherwise);
    if (value != (int) value) {
      throw new RecordFields.FieldException(pointer, "a whole number of 32 bits");
    }
    return (int) value;
  }
}
