package io.boostnet.flink.options;

import java.io.Serializable;
import java.time.Duration;
import org.apache.flink.annotation.Public;

/**
 * How a stage gathers rows for a call while its thread has other work: so many, or for so long,
 * whichever comes first. Where the thread would be idle, what there is runs at once.
 *
 * @param size rows, 1 .. {@value #MAX_SIZE}; {@link #AUTO} to take the size that serves best within
 *     the linger, from the service curve measured at warm-up
 * @param linger longest wait of a row for its micro-batch to fill on a busy thread, 0 .. 60 s, in
 *     whole milliseconds
 */
@Public
public record MicroBatching(int size, Duration linger) implements Serializable {

  /** The {@link #size()} that is chosen by measurement. */
  public static final int AUTO = 0;

  /** Largest micro-batch. */
  public static final int MAX_SIZE = 256;

  private static final Duration DEFAULT_LINGER = Duration.ofMillis(5);
  private static final Duration MAX_LINGER = Duration.ofSeconds(60);

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException with the name, the value and the range
   */
  public MicroBatching {
    if (size < 0 || size > MAX_SIZE) {
      throw new IllegalArgumentException(
          "micro-batch size is " + size + "; use auto or 1 to " + MAX_SIZE);
    }
    if (linger.isNegative() || linger.compareTo(MAX_LINGER) > 0) {
      throw new IllegalArgumentException(
          "linger is " + linger.toMillis() + " ms; allowed are 0 to " + MAX_LINGER.toMillis());
    }
  }

  /** A size chosen by measurement, and a linger of 5 ms. */
  public static MicroBatching auto() {
    return new MicroBatching(AUTO, DEFAULT_LINGER);
  }

  /** A fixed size, and a linger of 5 ms. */
  public static MicroBatching of(int size) {
    return new MicroBatching(size, DEFAULT_LINGER);
  }

  /** The same with another linger. */
  public MicroBatching withLinger(Duration linger) {
    return new MicroBatching(size, linger);
  }

  /** Whether the size is chosen by measurement. */
  public boolean isAuto() {
    return size == AUTO;
  }
}
