package io.boostnet.flink.budget;

import io.boostnet.flink.exit.Thresholds;
import java.io.Serializable;
import java.util.Collections;
import java.util.List;

/**
 * What a controller decided last and needs to go on. Immutable; this is what a checkpoint holds.
 *
 * @param thresholds thresholds in force, with their version
 * @param quotas quotas in force
 * @param reserveNanos time per stage below which an image with a deadline does not start it, in
 *     nanoseconds; empty where deadlines are not kept
 * @param budget mean cost aimed at, as a share of the full network's; NaN where the policy has none
 * @param memory what the feedback remembers
 */
public record ControlState(
    Thresholds thresholds, Quotas quotas, long[] reserveNanos, double budget, Memory memory)
    implements Serializable {

  private static final long serialVersionUID = 1;

  public ControlState {
    reserveNanos = reserveNanos.clone();
    if (thresholds.exits() != quotas.exits()) {
      throw new IllegalArgumentException(
          String.format(
              "thresholds of %d exits and quotas of %d; as many are needed",
              thresholds.exits(), quotas.exits()));
    }
  }

  /** State before the first window. */
  static ControlState first(Thresholds thresholds, Quotas quotas, double budget) {
    return new ControlState(
        thresholds, quotas, new long[0], budget, Memory.empty(thresholds.exits()));
  }

  @Override
  public long[] reserveNanos() {
    return reserveNanos.clone();
  }

  /** The same settings under a larger version than another state's. */
  public ControlState after(ControlState earlier) {
    long version = Math.max(thresholds.version(), earlier.thresholds.version() + 1);
    return new ControlState(
        Thresholds.of(version, thresholds.toArray()), quotas, reserveNanos, budget, memory);
  }

  ControlState withMemory(Memory newMemory) {
    return new ControlState(thresholds, quotas, reserveNanos, budget, newMemory);
  }

  /** Throws unless a window and this state are of the network that a controller was made for. */
  void requireFitting(ExitWindow window, int exits) {
    if (window.exits().exits() != exits || thresholds.exits() != exits) {
      throw new IllegalArgumentException(
          String.format(
              "the controller was made for %d exits, the window has %d and the state %d; a state"
                  + " saved for another network cannot be used",
              exits, window.exits().exits(), thresholds.exits()));
    }
  }

  /**
   * What the feedback remembers of the windows before. Immutable.
   *
   * @param confidences fading histograms, one for each exit but the last
   * @param balance cost spent beyond the budget since the start, in units of the full network's
   *     cost; negative where less was spent
   * @param stageNanos time of an image per stage as the policy tracks it, in nanoseconds; 0 where
   *     not known
   * @param arrivalsPerSecond fading mean of the arrivals; 0 where not known
   * @param mostArrivalsPerSecond fading mean of those of the subtask that has the most
   * @param besideNanos time beside the calls of the networks, in nanoseconds, for each stop of an
   *     image on its way through the job; 0 where not known
   * @param slowness how much longer than {@code stageNanos} all stages take of late
   */
  public record Memory(
      List<ConfidenceHistogram> confidences,
      double balance,
      double[] stageNanos,
      double arrivalsPerSecond,
      double mostArrivalsPerSecond,
      double besideNanos,
      double slowness)
      implements Serializable {

    private static final long serialVersionUID = 1;

    public Memory {
      confidences = List.copyOf(confidences);
      stageNanos = stageNanos.clone();
    }

    static Memory empty(int exits) {
      return new Memory(
          Collections.nCopies(exits - 1, ConfidenceHistogram.empty()),
          0,
          new double[exits],
          0,
          0,
          0,
          1);
    }

    Memory withStageNanos(double[] nanos) {
      return new Memory(
          confidences,
          balance,
          nanos,
          arrivalsPerSecond,
          mostArrivalsPerSecond,
          besideNanos,
          slowness);
    }

    @Override
    public double[] stageNanos() {
      return stageNanos.clone();
    }
  }
}
