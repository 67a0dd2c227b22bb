package io.boostnet.flink.model;

import java.io.Serializable;
import java.util.List;
import org.apache.flink.annotation.PublicEvolving;

/**
 * What an image takes in each stage of one form of a network, as it was measured on some machine:
 * stated by the bundle, and never changed while it serves. Times of another machine differ, their
 * shares of the whole hardly; costs are those shares. Immutable; for any thread.
 *
 * @param machine what measured: processor, system and library, in words
 * @param microBatch rows of a call, at least 1; 0 in {@link #NONE}
 * @param nanos nanoseconds of one image in each stage alone, each above 0; empty in {@link #NONE}
 */
@PublicEvolving
public record StageTimes(String machine, int microBatch, List<Double> nanos)
    implements Serializable {

  /** Of a bundle that has none. */
  public static final StageTimes NONE = new StageTimes("", 0, List.of());

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException with the times or the micro-batch, and what is needed
   */
  public StageTimes {
    nanos = List.copyOf(nanos);
    if (nanos.stream().anyMatch(time -> !(time > 0) || time.isInfinite())) {
      throw new IllegalArgumentException(
          "times of the stages are " + nanos + "; each must be finite and above 0");
    }
    if (microBatch < (nanos.isEmpty() ? 0 : 1)) {
      throw new IllegalArgumentException(
          "times of the stages are of micro-batches of " + microBatch + "; at least 1 is needed");
    }
  }

  /** Whether there are any. */
  public boolean isMeasured() {
    return !nanos.isEmpty();
  }

  /** Nanoseconds of an image that runs all stages; 0 where there are no times. */
  public double total() {
    return nanos.stream().mapToDouble(Double::doubleValue).sum();
  }

  /**
   * Cost of each exit in these times: those of all stages up to it, as a share of {@link #total()}.
   *
   * @throws IllegalArgumentException where there are none
   */
  public StageCost cost() {
    double[] cumulative = nanos.stream().mapToDouble(Double::doubleValue).toArray();
    for (int i = 1; i < cumulative.length; i++) {
      cumulative[i] += cumulative[i - 1];
    }
    return StageCost.ofCumulative(cumulative);
  }

  /**
   * The exit whose cost differs most from what it is in other times of the same stages.
   *
   * @param other times of as many stages
   * @return 1 .. exits, the first of equals
   * @throws IllegalArgumentException where either has no times
   */
  public int mostDifferent(StageTimes other) {
    StageCost here = cost();
    StageCost there = other.cost();
    int most = 1;
    for (int exit = 2; exit <= here.exits(); exit++) {
      if (Math.abs(here.atExit(exit) - there.atExit(exit))
          > Math.abs(here.atExit(most) - there.atExit(most))) {
        most = exit;
      }
    }
    return most;
  }
}
