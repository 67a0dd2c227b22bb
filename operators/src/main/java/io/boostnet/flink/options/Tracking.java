package io.boostnet.flink.options;

import io.boostnet.flink.model.Frame;
import io.boostnet.flink.model.RecordHeader;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.apache.flink.annotation.PublicEvolving;

/**
 * Which frames show the same thing, and which of them need not be run. Immutable; for any thread.
 * What is remembered of tracks is in the job's checkpoints.
 *
 * @param by what names a frame's track; where it is {@link By#NONE} frames are judged alone, and a
 *     source is what does not change
 * @param header with {@link By#HEADER}: name of the header, among those that the frame takes along
 * @param skip frames of a track that inherit its decision after one that left it sure, at least 0
 * @param unchanged largest difference of a block's mean, in levels of a pixel (0..255), at which a
 *     frame counts as the one that was run last, and inherits its decision; 0 for never
 * @param silence a frame is run where the last that was is so much older, by their timestamps,
 *     whatever its pixels
 * @param expiry a track without a frame for so long is forgotten, by processing time
 */
@PublicEvolving
public record Tracking(
    By by, String header, int skip, double unchanged, Duration silence, Duration expiry)
    implements Serializable {

  /** What names a frame's track. */
  public enum By {
    NONE,
    SOURCE,
    HEADER
  }

  /** Frames are judged alone, and all of them are run. */
  public static final Tracking NONE =
      new Tracking(By.NONE, null, 0, 0, Duration.ofSeconds(10), Duration.ofMinutes(1));

  private static final String HEADER = "header:";
  private static final int MOST_SKIPPED = 100;
  private static final long serialVersionUID = 1;

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException with the name, the value and the range
   */
  public Tracking {
    Objects.requireNonNull(by, "by");
    require(
        by != By.HEADER || header != null && !header.isBlank(),
        "track is by a header without a name; use header:NAME");
    require(
        skip >= 0 && skip <= MOST_SKIPPED,
        "track skip is %d; allowed are 0 to %d".formatted(skip, MOST_SKIPPED));
    require(
        skip == 0 || by != By.NONE,
        "track skip is %d and there are no tracks; set track, or the skip to 0".formatted(skip));
    require(
        unchanged >= 0 && unchanged <= 255,
        "unchanged is %s; allowed are 0 to 255 levels of a pixel".formatted(unchanged));
    require(!silence.isNegative(), "silence is " + silence + "; at least 0 is needed");
    require(expiry.toMillis() > 0, "expiry is " + expiry + "; at least 1 ms is needed");
  }

  /**
   * Tracks of a text: none, source or header:NAME; nothing is skipped.
   *
   * @throws IllegalArgumentException where it is none of them
   */
  public static Tracking parse(String track) {
    if (track.startsWith(HEADER)) {
      return by(By.HEADER, track.substring(HEADER.length()));
    }
    return switch (track) {
      case "none" -> NONE;
      case "source" -> by(By.SOURCE, null);
      default ->
          throw new IllegalArgumentException(
              "track is '%s'; use none, source or header:NAME".formatted(track));
    };
  }

  private static Tracking by(By by, String header) {
    return new Tracking(by, header, 0, 0, NONE.silence, NONE.expiry);
  }

  /**
   * The same, with frames skipped once a track is sure.
   *
   * @param frames that inherit in a row, 0 .. 100
   * @throws IllegalArgumentException where there are no tracks, or the number is out of its range
   */
  public Tracking skipping(int frames) {
    return new Tracking(by, header, frames, unchanged, silence, expiry);
  }

  /**
   * The same, with frames that inherit where no block differs by more than so many levels.
   *
   * @param levels of a pixel, 0 .. 255; 0 for never
   * @param longestSilence after which a frame is run whatever it shows, by the frames' timestamps
   * @throws IllegalArgumentException where a value is out of its range
   */
  public Tracking unchangedWithin(double levels, Duration longestSilence) {
    return new Tracking(by, header, skip, levels, longestSilence, expiry);
  }

  /** Whether frames of a track are judged together. */
  public boolean filters() {
    return by != By.NONE;
  }

  /** Whether anything is to be remembered of a source or track. */
  public boolean isOn() {
    return filters() || unchanged > 0;
  }

  /** The track of a frame; null for none, where it is judged alone. */
  public String of(Frame frame) {
    if (by != By.HEADER) {
      return frame.sourceId();
    }
    List<RecordHeader> headers = frame.baggage().headers();
    for (int i = headers.size() - 1; i >= 0; i--) {
      if (headers.get(i).key().equals(header)) {
        return headers.get(i).text();
      }
    }
    return null;
  }

  private static void require(boolean holds, String message) {
    if (!holds) {
      throw new IllegalArgumentException(message);
    }
  }
}
