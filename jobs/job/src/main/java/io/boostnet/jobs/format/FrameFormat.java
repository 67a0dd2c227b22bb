package io.boostnet.jobs.format;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.util.Locale;

/** What a record of the topic of frames is. */
public enum FrameFormat {
  /** An ImageFrame in Avro single-object encoding. */
  AVRO,
  /** The encoded image; what identifies it is in key, headers and timestamp. */
  IMAGE,
  /** A JSON object with the image as base64, or a reference to it. */
  JSON,
  /** Avro in a schema registry's framing: a zero byte, four bytes of schema id, the record. */
  REGISTRY,
  /** A CloudEvent, in binary or structured mode. */
  CLOUDEVENTS;

  /**
   * Reads a name in lower case.
   *
   * @throws IllegalArgumentException with the names there are
   */
  @JsonCreator
  public static FrameFormat of(String text) {
    for (FrameFormat format : values()) {
      if (format.toString().equals(text)) {
        return format;
      }
    }
    throw new IllegalArgumentException(
        "kafka.format.frames is '" + text + "'; use avro, image, json, registry or cloudevents");
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
