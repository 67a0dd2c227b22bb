package io.boostnet.flink.codec;

import io.boostnet.image.ImageFormat;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * What a record looks like that is no frame in Avro single-object encoding: as a rule somebody's
 * producer sends something else, and its name tells what to change there. What begins as
 * single-object encoding is for Avro to say: the schema is another, or bytes lack or are left.
 */
final class ForeignRecord {

  private static final int REGISTRY_HEADER = 5;

  private ForeignRecord() {}

  /**
   * What the bytes look like, and what to send instead; empty where they look like nothing known.
   */
  static Optional<String> of(byte[] record) {
    if (record.length == 0) {
      return Optional.of("it is empty (a tombstone, or a producer that sends no value)");
    }
    ImageFormat image = ImageFormat.of(record);
    if (image != ImageFormat.UNKNOWN) {
      return Optional.of(
          "it looks like a bare %s image; send it as the field image of an ImageFrame"
              .formatted(image.label()));
    }
    if (startsWith(record, 'O', 'b', 'j', 1)) {
      return Optional.of(
          "it looks like an Avro container file; send its records one by one, in single-object encoding");
    }
    if (record[0] == 0 && record.length > REGISTRY_HEADER) {
      return Optional.of(
          "it looks like a schema registry's framing (Confluent's: a zero byte, then schema id %d)"
              .formatted(ByteBuffer.wrap(record).getInt(1)));
    }
    if (isJson(record)) {
      return Optional.of("it looks like JSON");
    }
    return Optional.empty();
  }

  private static boolean startsWith(byte[] record, int... start) {
    boolean same = record.length >= start.length;
    for (int i = 0; same && i < start.length; i++) {
      same = (record[i] & 0xff) == start[i];
    }
    return same;
  }

  private static boolean isJson(byte[] record) {
    int first = next(record, 0);
    int second = first < 0 ? -1 : next(record, first + 1);
    if (second < 0) {
      return false;
    }
    return switch (record[first]) {
      case '{' -> record[second] == '"' || record[second] == '}';
      case '[' -> "[{\"]-0123456789tfn".indexOf(record[second]) >= 0;
      default -> false;
    };
  }

  /** Where the next byte is that is no white space; -1 where there is none. */
  private static int next(byte[] record, int from) {
    for (int at = from; at < record.length; at++) {
      if (" \t\r\n".indexOf(record[at]) < 0) {
        return at;
      }
    }
    return -1;
  }
}
