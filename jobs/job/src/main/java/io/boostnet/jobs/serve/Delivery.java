package io.boostnet.jobs.serve;

import com.fasterxml.jackson.annotation.JsonCreator;

/** What a failure may do to the results on Kafka. */
public enum Delivery {
  /** Nothing: readers of committed records see each result once, after the next checkpoint. */
  EXACTLY_ONCE,
  /** Repeat some; results are visible at once. */
  AT_LEAST_ONCE;

  /** Reads exactly-once or at-least-once. */
  @JsonCreator
  public static Delivery of(String text) {
    return switch (text) {
      case "exactly-once" -> EXACTLY_ONCE;
      case "at-least-once" -> AT_LEAST_ONCE;
      default ->
          throw new IllegalArgumentException(
              "kafka.delivery is '" + text + "'; use exactly-once or at-least-once");
    };
  }
}
