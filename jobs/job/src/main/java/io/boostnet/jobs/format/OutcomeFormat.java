package io.boostnet.jobs.format;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.util.Locale;

/** What a record of the topics of predictions, dead letters and control events is. */
public enum OutcomeFormat {
  /** Avro single-object encoding. */
  AVRO,
  /** A JSON object in one line, with the names of the Avro schema. */
  JSON,
  /** Avro in a schema registry's framing. */
  REGISTRY,
  /** A CloudEvent in binary mode, its data the JSON object. */
  CLOUDEVENTS;

  /**
   * Reads a name in lower case.
   *
   * @throws IllegalArgumentException with the names there are
   */
  @JsonCreator
  public static OutcomeFormat of(String text) {
    for (OutcomeFormat format : values()) {
      if (format.toString().equals(text)) {
        return format;
      }
    }
    throw new IllegalArgumentException(
        "kafka.format.outcomes is '" + text + "'; use avro, json, registry or cloudevents");
  }

  /** Bytes of a record for every byte of a dead letter's payload: JSON has base64. */
  public double payloadGrowth() {
    return this == JSON || this == CLOUDEVENTS ? 4 / 3.0 : 1;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
