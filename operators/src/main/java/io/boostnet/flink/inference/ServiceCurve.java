package io.boostnet.flink.inference;

import java.time.Duration;
import java.util.Arrays;
import org.apache.flink.annotation.PublicEvolving;

/**
 * Measured time of a call at growing micro-batch sizes: what says which size serves best on this
 * machine. Immutable.
 */
@PublicEvolving
public final class ServiceCurve {

  /** A larger size must be faster per image by this factor to be worth its longer wait. */
  private static final double WORTHWHILE = 0.97;

  private final int[] sizes;
  private final long[] callNanos;

  /**
   * A curve.
   *
   * @param sizes micro-batch sizes, rising, the first is 1
   * @param callNanos time of a call at each size, in nanoseconds, above 0
   */
  public ServiceCurve(int[] sizes, long[] callNanos) {
    if (sizes.length == 0 || sizes[0] != 1 || sizes.length != callNanos.length) {
      throw new IllegalArgumentException(
          "a service curve needs a time for size 1 and for every other size; got "
              + Arrays.toString(sizes)
              + " and "
              + Arrays.toString(callNanos));
    }
    this.sizes = sizes.clone();
    this.callNanos = callNanos.clone();
  }

  /**
   * The size with the least time per image among those whose call ends within the linger, the
   * smaller one where the gain is under 3 %; 1 where no call does.
   */
  public int bestWithin(Duration linger) {
    int best = 0;
    for (int i = 1; i < sizes.length; i++) {
      if (callNanos[i] <= linger.toNanos() && nanosPerImage(i) < WORTHWHILE * nanosPerImage(best)) {
        best = i;
      }
    }
    return sizes[best];
  }

  /**
   * Share of a call's time that its images would have taken in a call of more rows, at most 1.
   * Between the sizes that were measured a call's time is on the line between them, and beyond the
   * largest an image takes as long as there.
   *
   * @param rows rows of the call, at least 1
   * @param others rows of the other call, at least as many
   */
  public double shareOfCallAt(int rows, int others) {
    return Math.min(1, nanosPerImageAt(others) / nanosPerImageAt(rows));
  }

  private double nanosPerImageAt(int rows) {
    int above = Arrays.binarySearch(sizes, rows);
    if (above >= 0) {
      return nanosPerImage(above);
    }
    above = -above - 1;
    if (above == sizes.length) {
      return nanosPerImage(above - 1);
    }
    int below = above - 1;
    double way = (double) (rows - sizes[below]) / (sizes[above] - sizes[below]);
    return (callNanos[below] + way * (callNanos[above] - callNanos[below])) / rows;
  }

  private double nanosPerImage(int i) {
    return (double) callNanos[i] / sizes[i];
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < sizes.length; i++) {
      text.append(i == 0 ? "" : ", ").append("%d: %.2f ms".formatted(sizes[i], callNanos[i] / 1e6));
    }
    return text.toString();
  }
}
