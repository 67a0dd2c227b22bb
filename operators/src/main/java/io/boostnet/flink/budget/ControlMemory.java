package io.boostnet.flink.budget;

import java.io.Serializable;
import java.util.Collections;
import java.util.List;

/** What a policy remembers of the windows before: a type per policy. Immutable. */
public sealed interface ControlMemory extends Serializable {

  /** Of constant thresholds: nothing. */
  record None() implements ControlMemory {

    private static final long serialVersionUID = 1;
  }

  /**
   * Of a fixed budget: how confident images were, and what they cost.
   *
   * @param confidences fading histograms, one for each exit but the last
   * @param balance cost spent beyond the budget of late, in units of the full network's cost;
   *     negative where less was spent
   */
  record Shares(List<ConfidenceHistogram> confidences, double balance) implements ControlMemory {

    private static final long serialVersionUID = 1;

    public Shares {
      confidences = List.copyOf(confidences);
    }

    static Shares empty(int exits) {
      return new Shares(Collections.nCopies(exits - 1, ConfidenceHistogram.empty()), 0);
    }

    Shares withoutBalance() {
      return new Shares(confidences, 0);
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

    static KeepUp empty(int exits) {
      return new KeepUp(Shares.empty(exits), Arrivals.unknown(), MachineModel.unknown(exits));
    }
  }

  /**
   * Of a deadline: how long images were at a stage when any last were.
   *
   * @param slowestNanos 99th percentile per stage, in nanoseconds; 0 where not known
   */
  record Deadlines(double[] slowestNanos) implements ControlMemory {

    private static final long serialVersionUID = 1;

    public Deadlines {
      slowestNanos = slowestNanos.clone();
    }

    @Override
    public double[] slowestNanos() {
      return slowestNanos.clone();
    }
  }
}
