package io.boostnet.flink.budget.replay;

import io.boostnet.flink.exit.Evidence;
import java.util.function.DoubleFunction;
import java.util.function.DoubleUnaryOperator;

/**
 * What arrives in a replay. Times are in seconds since its start.
 *
 * @param imagesPerSecond rate at a time, above 0; arrivals are random and independent (Poisson)
 * @param evidence images that arrive at a time, in random order, every one before any comes again:
 *     drift is other evidence
 */
public record Load(DoubleUnaryOperator imagesPerSecond, DoubleFunction<Evidence> evidence) {

  /** A rate that never changes. */
  public static Load steady(double imagesPerSecond, Evidence evidence) {
    return new Load(seconds -> imagesPerSecond, seconds -> evidence);
  }

  /** The same images at a rate that is multiplied from a time until another. */
  public Load withBurst(double factor, double from, double until) {
    return new Load(
        seconds ->
            imagesPerSecond.applyAsDouble(seconds)
                * (seconds >= from && seconds < until ? factor : 1),
        evidence);
  }

  /** The same images at a rate that swings by a share around its mean with a period. */
  public Load withTide(double share, double periodSeconds) {
    if (!(share >= 0 && share < 1)) {
      throw new IllegalArgumentException("swing is " + share + "; at least 0, below 1 is needed");
    }
    return new Load(
        seconds ->
            imagesPerSecond.applyAsDouble(seconds)
                * (1 - share * Math.cos(2 * Math.PI * seconds / periodSeconds)),
        evidence);
  }

  /** The same rate, with images of other evidence from a time on. */
  public Load withDrift(Evidence other, double from) {
    return new Load(imagesPerSecond, seconds -> seconds < from ? evidence.apply(seconds) : other);
  }
}
