package io.boostnet.jobs.bench;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * How late predictions of an open-loop load are; what is due in its first fifth is warm-up. Used by
 * one thread.
 */
final class Latencies {

  private static final long MOST_MICROS = TimeUnit.MINUTES.toMicros(10);

  private final Histogram read = new Histogram(MOST_MICROS, 3);
  private final Histogram decided = new Histogram(MOST_MICROS, 3);
  private final int seconds;
  private long fromMs;
  private long untilMs;
  private long served;

  /**
   * Of a load that is still to begin.
   *
   * @param seconds its length
   */
  Latencies(int seconds) {
    this.seconds = seconds;
  }

  /** The load begins. */
  void begin() {
    long now = System.currentTimeMillis();
    fromMs = now + TimeUnit.SECONDS.toMillis(seconds) / 5;
    untilMs = now + TimeUnit.SECONDS.toMillis(seconds);
  }

  /**
   * A prediction was read back.
   *
   * @return whether it counts
   */
  boolean take(long dueMs, long decidedAtMs) {
    long now = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
    if (now >= 1000 * fromMs && now < 1000 * untilMs) {
      served++;
    }
    if (dueMs < fromMs) {
      return false;
    }
    record(read, now - 1000 * dueMs);
    record(decided, 1000 * (decidedAtMs - dueMs));
    return true;
  }

  private static void record(Histogram histogram, long micros) {
    histogram.recordValue(Math.max(0, Math.min(MOST_MICROS, micros)));
  }

  /** A percentile until a prediction was read back, in milliseconds. */
  double readMillis(double percentile) {
    return read.getValueAtPercentile(percentile) / 1e3;
  }

  /** A percentile until the exit was decided, in milliseconds, to a millisecond. */
  double decidedMillis(double percentile) {
    return decided.getValueAtPercentile(percentile) / 1e3;
  }

  /** Predictions read back per second, between the warm-up and the end of the load. */
  double servedPerSecond() {
    return 1e3 * served / (untilMs - fromMs);
  }
}
