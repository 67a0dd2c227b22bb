package io.boostnet.flink.budget;

import java.io.Serializable;
import org.apache.flink.annotation.Internal;

/**
 * How many images arrive per second: fading means, with a time constant of {@value #SECONDS} s, or
 * of {@value #IMAGES} images where that is longer. {@value #LEAP} times as many as known, in a
 * window of at least {@value #LEAP_IMAGES} images, are believed at once. Immutable.
 *
 * @param perSecond of all subtasks; 0 where not known
 * @param mostPerSecond of the subtask that has the most, since partitions are rarely alike
 */
@Internal
public record Arrivals(double perSecond, double mostPerSecond) implements Serializable {

  private static final long serialVersionUID = 1;

  private static final double SECONDS = 0.5;
  private static final double IMAGES = 10;
  private static final double LEAP = 1.25;
  private static final int LEAP_IMAGES = 50;

  static Arrivals unknown() {
    return new Arrivals(0, 0);
  }

  /** Takes a window in. */
  Arrivals learn(ExitWindow window) {
    return new Arrivals(
        next(perSecond, window.intake().arrivalsPerSecond(), window),
        next(mostPerSecond, window.intake().mostArrivalsPerSecond(), window));
  }

  private static double next(double known, double seen, ExitWindow window) {
    if (known == 0 || seen > LEAP * known && window.images() >= LEAP_IMAGES) {
      return seen;
    }
    double seconds = Math.max(SECONDS, IMAGES / Math.max(known, seen));
    return known + (1 - Math.exp(-window.spanMs() / (1000 * seconds))) * (seen - known);
  }

  /**
   * Whether the subtask with the most has more than before by this share. From nothing is no rise:
   * the first windows of a job are slow, and say nothing of its load.
   */
  boolean roseBy(double share, Arrivals before) {
    return before.mostPerSecond > 0 && mostPerSecond > (1 + share) * before.mostPerSecond;
  }
}
