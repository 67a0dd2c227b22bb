package io.boostnet.jobs.load;

import java.util.Objects;
import java.util.SplittableRandom;

/**
 * Deadlines of frames, each drawn evenly from a span by the frame's identity, so that it is the
 * same in every run.
 *
 * @param leastMs shortest time from the frame's due time, in milliseconds, at least 0
 * @param mostMs longest time, 1 to 86,400,000, a day
 * @param seed seed of the draw
 */
public record Deadlines(long leastMs, long mostMs, long seed) {

  private static final long MOST_MS = 86_400_000;

  public Deadlines {
    if (leastMs < 0 || mostMs < leastMs || mostMs < 1 || mostMs > MOST_MS) {
      throw new IllegalArgumentException(
          "deadlines are %d to %d ms; a span from at least 0 up to 1 to %d is needed"
              .formatted(leastMs, mostMs, MOST_MS));
    }
  }

  /**
   * Reads a span such as {@code 20-60}, in milliseconds.
   *
   * @throws IllegalArgumentException where the text is none
   */
  public static Deadlines parse(String text, long seed) {
    String[] ends = text.split("-", -1);
    try {
      if (ends.length != 2) {
        throw new NumberFormatException("not two numbers");
      }
      return new Deadlines(Long.parseLong(ends[0]), Long.parseLong(ends[1]), seed);
    } catch (NumberFormatException e) {
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
