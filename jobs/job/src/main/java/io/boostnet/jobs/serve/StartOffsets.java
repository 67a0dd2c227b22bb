package io.boostnet.jobs.serve;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.time.Instant;
import java.time.format.DateTimeParseException;

/**
 * Where a job without a checkpoint starts.
 *
 * @param kind which offsets
 * @param timestampMs for {@link Kind#TIMESTAMP}: milliseconds since the Unix epoch
 */
public record StartOffsets(Kind kind, long timestampMs) {

  /** Which offsets. */
  public enum Kind {
    EARLIEST,
    LATEST,
    /** Those of the group; the earliest where it has none. */
    COMMITTED,
    TIMESTAMP
  }

  /** Reads earliest, latest, committed, or an instant such as 2026-01-31T08:00:00Z. */
  @JsonCreator
  public static StartOffsets of(String text) {
    try {
      return switch (text) {
        case "earliest" -> new StartOffsets(Kind.EARLIEST, 0);
        case "latest" -> new StartOffsets(Kind.LATEST, 0);
        case "committed" -> new StartOffsets(Kind.COMMITTED, 0);
        default -> new StartOffsets(Kind.TIMESTAMP, Instant.parse(text).toEpochMilli());
      };
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(
          "kafka.start is '"
              + text
              + "'; use earliest, latest, committed or an instant such as 2026-01-31T08:00:00Z",
          e);
    }
  }
}
