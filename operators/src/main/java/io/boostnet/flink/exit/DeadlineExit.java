package io.boostnet.flink.exit;

import java.io.Serializable;
import java.util.Arrays;
import org.apache.flink.annotation.Internal;

/**
 * Anytime prediction: an image leaves at the last stage that it can finish before its deadline.
 * Immutable.
 *
 * <p>After stage k, with a time r left, it leaves iff r is less than the time to reserve for stage
 * k + 1. Stage 1 always runs. Source: the anytime setting of Huang et al., "Multi-Scale Dense
 * Networks for Resource Efficient Image Classification", ICLR 2018.
 */
@Internal
public final class DeadlineExit implements Serializable {

  private static final long serialVersionUID = 1;

  private final long[] reserveNanos;

  private DeadlineExit(long[] reserveNanos) {
    this.reserveNanos = reserveNanos;
  }

  /**
   * A policy.
   *
   * @param reserveNanos time to reserve for each stage, waiting for its micro-batch included, in
   *     nanoseconds
   * @throws IllegalArgumentException if there is no stage or a time is below 0
   */
  public static DeadlineExit of(long... reserveNanos) {
    if (reserveNanos.length == 0 || Arrays.stream(reserveNanos).anyMatch(nanos -> nanos < 0)) {
      throw new IllegalArgumentException(
          "reserves are "
              + Arrays.toString(reserveNanos)
              + " ns; one per stage, at least 0, is needed");
    }
    return new DeadlineExit(reserveNanos.clone());
  }

  /** Number of exits. */
  public int exits() {
    return reserveNanos.length;
  }

  /**
   * Whether an image leaves.
   *
   * @param exit 1 .. exits
   * @param leftNanos time until its deadline, in nanoseconds; negative where that has passed
   */
  public boolean leaves(int exit, long leftNanos) {
    return exit == reserveNanos.length || leftNanos < reserveNanos[exit];
  }
}
