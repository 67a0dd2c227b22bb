package io.boostnet.jobs.format;

import io.boostnet.flink.model.SourceRecord;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** What identifies a frame that does not say so itself. */
final class KafkaDefaults {

  private KafkaDefaults() {}

  /** The key as UTF-8, else in hexadecimal; topic-partition where there is none. */
  static String sourceId(SourceRecord record) {
    if (record.key() == null) {
      return record.topic() + "-" + record.partition();
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(record.key())).toString();
    } catch (CharacterCodingException e) {
      return HexFormat.of().formatHex(record.key());
    }
  }
}
