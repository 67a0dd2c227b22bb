package io.boostnet.flink.budget;

import io.boostnet.flink.exit.Thresholds;
import java.io.Serializable;
import org.apache.flink.annotation.Internal;

/**
 * What a controller decided last and needs to go on. Immutable; this is what a checkpoint holds.
 *
 * @param thresholds thresholds in force, with their version
 * @param quotas quotas in force
 * @param reserveNanos time per stage below which an image with a deadline does not start it, in
 *     nanoseconds; empty where deadlines are not kept
 * @param budget mean cost aimed at, as a share of the full network's; NaN where the policy has none
 * @param memory what the policy remembers
 */
@Internal
public record ControlState(
    Thresholds thresholds, Quotas quotas, long[] reserveNanos, double budget, ControlMemory memory)
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

  /** State before the first window, without deadlines. */
  static ControlState first(
      Thresholds thresholds, Quotas quotas, double budget, ControlMemory memory) {
    return new ControlState(thresholds, quotas, new long[0], budget, memory);
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

  ControlState withMemory(ControlMemory newMemory) {
    return new ControlState(thresholds, quotas, reserveNanos, budget, newMemory);
  }

  /** The memory of a policy; throws where it is that of another. */
  <M extends ControlMemory> M memory(Class<M> policy) {
    if (!policy.isInstance(memory)) {
      throw new IllegalArgumentException(
          "the state remembers %s, %s is needed; a state saved under another policy cannot be used"
              .formatted(memory.getClass().getSimpleName(), policy.getSimpleName()));
    }
    return policy.cast(memory);
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
}
