package io.boostnet.flink.model;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import org.apache.flink.annotation.PublicEvolving;

/**
 * A header of a Kafka record.
 *
 * @param key its key; several headers of a record may share one
 * @param value its bytes, never changed; null for none
 */
@PublicEvolving
public record RecordHeader(String key, byte[] value) implements Serializable {

  private static final long serialVersionUID = 1;

  /** The value as UTF-8 text; null for none. */
  public String text() {
    return value == null ? null : new String(value, StandardCharsets.UTF_8);
  }

  /** Characters and bytes of both. */
  int size() {
    return key.length() + (value == null ? 0 : value.length);
  }
}
