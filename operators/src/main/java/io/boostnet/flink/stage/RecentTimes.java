package io.boostnet.flink.stage;

import java.util.Arrays;

/**
 * How long frames took of late: histograms of windows, of which each weighs {@code exp(-t / 5 s)}
 * at the age t, however many frames it has. So a stall fades as fast where it left few frames to
 * come after it. Where no frame came for 5 s nothing is known. Bins are even in the logarithm, 16
 * to a factor of 2: a time comes out at most 4.4 % too long. For one thread.
 */
final class RecentTimes {

  private static final double SECONDS = 5;
  private static final int PER_OCTAVE = 16;
  private static final double LEAST_NANOS = 1_000;

  /** From a microsecond to over an hour. */
  private static final int BINS = 32 * PER_OCTAVE;

  private final long[] window = new long[BINS];
  private final double[] weights = new double[BINS];
  private long frames;
  private long emptyNanos;

  /** A frame took so long. */
  void add(long nanos) {
    double bin = PER_OCTAVE / Math.log(2) * Math.log(Math.max(1, nanos / LEAST_NANOS));
    window[Math.min(BINS - 1, (int) bin)]++;
    frames++;
  }

  /**
   * Ends a window. Returns the time, in nanoseconds, that such a share of the weight does not
   * exceed; 0 where nothing is known of late.
   *
   * @param spanNanos length of the window
   * @param share 0..1
   */
  long endWindow(long spanNanos, double share) {
    double fading = Math.exp(-spanNanos / (1e9 * SECONDS));
    for (int bin = 0; bin < BINS; bin++) {
      weights[bin] *= fading;
      if (frames > 0) {
        weights[bin] += (double) window[bin] / frames;
      }
    }
    emptyNanos = frames > 0 ? 0 : emptyNanos + spanNanos;
    Arrays.fill(window, 0);
    frames = 0;
    return emptyNanos > 1e9 * SECONDS ? 0 : quantile(share);
  }

  private long quantile(double share) {
    double total = Arrays.stream(weights).sum();
    if (total == 0) {
      return 0;
    }
    double beyond = (1 - share) * total;
    int bin = BINS - 1;
    double longer = weights[bin];
    while (bin > 0 && longer <= beyond) {
      bin--;
      longer += weights[bin];
    }
    return (long) Math.ceil(LEAST_NANOS * Math.pow(2, (bin + 1.0) / PER_OCTAVE));
  }
}
