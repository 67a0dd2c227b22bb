package io.boostnet.flink.budget;

import java.io.Serializable;
import java.util.Collections;
import java.util.List;
import org.apache.flink.annotation.Internal;

/** What a policy remembers of the windows before: a type per policy. Immutable. */
@Internal
public sealed interface ControlMemory extends Serializable {

  /** Of constant thresholds and deadlines: nothing. */
  record None() implements ControlMemory {

    private static final long serialVersionUID = 1;
  }

  /**
   * Of a fixed budget: how confident images were, and where they left.
   *
   * @param seen fading histograms of the confidences seen, one for each exit but the last
   * @param expected those that the evidence let expect there, of as many images
   * @param planned mean cost that the thresholds in force were planned for
   * @param ahead images that left beyond the plan, for each exit but the last; negative where fewer
   *     left
   */
  record Shares(
      List<ConfidenceHistogram> seen,
      List<ConfidenceHistogram> expected,
      double planned,
      double[] ahead)
      implements ControlMemory {

    private static final long serialVersionUID = 1;

    public Shares {
      seen = List.copyOf(seen);
      expected = List.copyOf(expected);
      ahead = ahead.clone();
    }

    static Shares empty(int exits, double planned) {
      List<ConfidenceHistogram> none = Collections.nCopies(exits - 1, ConfidenceHistogram.empty());
      return new Shares(none, none, planned, new double[exits - 1]);
    }

    /** The same for another plan: what left beyond the one before is not owed under it. */
    Shares planning(double newPlanned) {
      return new Shares(
          seen, expected, newPlanned, newPlanned == planned ? ahead : new double[ahead.length]);
    }

    @Override
    public double[] ahead() {
      return ahead.clone();
    }
  }

  /**
   * Of keep-up: that, what arrives, and what an image takes on the machine.
   *
   * @param shares how confident images were
   * @param arrivals what arrives
   * @param machine what an image takes
   */
  record KeepUp(Shares shares, Arrivals arrivals, MachineModel machine) implements ControlMemory {

    private static final long serialVersionUID = 1;
  }
}
