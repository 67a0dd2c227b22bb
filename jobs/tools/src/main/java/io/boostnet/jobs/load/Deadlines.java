package io.boostnet.jobs.load;

import java.util.Objects;
import java.util.SplittableRandom;

/**
 * Deadlines of frames, each drawn evenly from a span by the frame's identity, so that it is the
 * same in every run.
 *
 * @param leastMs shortest time from the frame's due time, in milliseconds, at least 0
 * @param mostMs longest time
 * @param seed seed of the draw
 */
public record Deadlines(long leastMs, long mostMs, long seed) {

  public Deadlines {
    if (leastMs < 0 || mostMs < leastMs) {
      throw new IllegalArgumentException(
          "deadlines are %d to %d ms; a span from at least 0 is needed".formatted(leastMs, mostMs));
    }
  }

  /**
   * Reads a span such as {@code 20-60}, in milliseconds.
   *
   * @throws IllegalArgumentException where the text is none
   */
  public static Deadlines parse(String text, long seed) {
    String[] ends = text.split("-");
    try {
      return new Deadlines(Long.parseLong(ends[0]), Long.parseLong(ends[1]), seed);
    } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
      throw new IllegalArgumentException(
          "deadlines are '" + text + "'; give a span of milliseconds, such as 20-60", e);
    }
  }

  /** Time that a frame is allowed from its due time, in milliseconds. */
  public long allowedMs(String sourceId, long sequence) {
    long frame = Objects.hash(sourceId, sequence);
    return leastMs + new SplittableRandom(seed ^ frame << 17).nextLong(mostMs - leastMs + 1);
  }
}
