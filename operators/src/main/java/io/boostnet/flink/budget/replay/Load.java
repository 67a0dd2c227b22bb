package io.boostnet.flink.budget.replay;

import io.boostnet.flink.exit.Evidence;
import java.util.function.DoubleFunction;
import java.util.function.DoubleUnaryOperator;
import org.apache.flink.annotation.Internal;

/**
 * What arrives in a replay. Times are in seconds since its start.
 *
 * @param imagesPerSecond rate at a time, above 0; arrivals are random and independent (Poisson)
 * @param evidence images that arrive at a time, in random order, every one before any comes again:
 *     drift is other evidence
 * @param partitions what the partition of a subtask has of it
 * @param clock what its producers write on it
 */
@Internal
public record Load(
    DoubleUnaryOperator imagesPerSecond,
    DoubleFunction<Evidence> evidence,
    Partitions partitions,
    Clock clock) {

  /** The images that come to a subtask. */
  @FunctionalInterface
  public interface Partitions {

    /** Those of all that come to a subtask, from 0. */
    Evidence of(Evidence all, int subtask);
  }

  /** The clock of those who send. */
  @FunctionalInterface
  public interface Clock {

    /** What a clock shows for a subtask's image that arrives at a time, both in milliseconds. */
    double timestampMs(int subtask, double arrivalMs);
  }

  /** Partitions that are alike, with clocks that go right. */
  public Load(DoubleUnaryOperator imagesPerSecond, DoubleFunction<Evidence> evidence) {
    this(imagesPerSecond, evidence, (all, subtask) -> all, (subtask, arrivalMs) -> arrivalMs);
  }

  /** A rate that never changes. */
  public static Load steady(double imagesPerSecond, Evidence evidence) {
    return new Load(seconds -> imagesPerSecond, seconds -> evidence);
  }

  /** The same at another rate. */
  public Load atRate(DoubleUnaryOperator newImagesPerSecond) {
    return new Load(newImagesPerSecond, evidence, partitions, clock);
  }

  /** The same with partitions that have images of their own. */
  public Load unlike(Partitions newPartitions) {
    return new Load(imagesPerSecond, evidence, newPartitions, clock);
  }

  /** The same with other clocks. */
  public Load stamped(Clock newClock) {
    return new Load(imagesPerSecond, evidence, partitions, newClock);
  }

  /** The same images at a rate that is multiplied from a time until another. */
  public Load withBurst(double factor, double from, double until) {
    return atRate(
        seconds ->
            imagesPerSecond.applyAsDouble(seconds)
                * (seconds >= from && seconds < until ? factor : 1));
  }

  /** The same images at a rate that swings by a share around its mean with a period. */
  public Load withTide(double share, double periodSeconds) {
    if (!(share >= 0 && share < 1)) {
      throw new IllegalArgumentException("swing is " + share + "; at least 0, below 1 is needed");
    }
    return atRate(
        seconds ->
            imagesPerSecond.applyAsDouble(seconds)
                * (1 - share * Math.cos(2 * Math.PI * seconds / periodSeconds)));
  }

  /** The same rate, with images of other evidence from a time on. */
  public Load withDrift(Evidence other, double from) {
    return new Load(
        imagesPerSecond,
        seconds -> seconds < from ? evidence.apply(seconds) : other,
        partitions,
        clock);
  }
}
