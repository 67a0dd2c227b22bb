package io.boostnet.jobs.serve;

import com.fasterxml.jackson.annotation.JsonCreator;

/** Where a job ends by itself. */
public enum StopOffsets {
  /** It runs until it is stopped. */
  NEVER,
  /** After what is on the topics of frames when it starts. */
  LATEST;

  /** Reads never or latest. */
  @JsonCreator
  public static StopOffsets of(String text) {
    return switch (text) {
      case "never" -> NEVER;
      case "latest" -> LATEST;
      default ->
          throw new IllegalArgumentException("kafka.stop is '" + text + "'; use never or latest");
    };
  }
}
