package io.boostnet.flink.budget;

import io.boostnet.flink.exit.Thresholds;
import java.util.Arrays;

/**
 * Keeps, per stage, the time to reserve for it, so that an image with a deadline starts a stage
 * only if it will end in time ({@link io.boostnet.flink.exit.DeadlineExit}).
 *
 * <pre>
 *   reserve_k = max(slowest_k, reserve_k - (reserve_k - slowest_k) * span / {@value #FORGET_SECONDS} s)
 * </pre>
 *
 * where slowest_k is the 99th percentile of the time that images spent at stage k in the window,
 * waiting included: it rises at once and falls slowly. No image leaves for its confidence, as in
 * anytime prediction.
 */
final class DeadlineController implements BudgetController {

  private static final long serialVersionUID = 1;

  private static final double FORGET_SECONDS = 10;

  /** Reserves are told anew when one is further off than this. */
  private static final double TOLERANCE = 0.02;

  private final int exits;

  DeadlineController(int exits) {
    this.exits = exits;
  }

  @Override
  public ControlState start() {
    return new ControlState(
        Thresholds.neverExit(1, exits),
        Quotas.none(exits),
        new long[exits],
        Double.NaN,
        ControlState.Memory.empty(exits));
  }

  @Override
  public Adjustment step(ExitWindow window, ControlState current) {
    current.requireFitting(window, exits);
    long[] slowest = window.slowestStageNanos();
    long[] reserve = current.reserveNanos();
    double[] peak = current.memory().stageNanos();
    double forget = Math.min(1, window.spanMs() / (1000 * FORGET_SECONDS));
    boolean changed = false;
    for (int i = 0; i < exits; i++) {
      if (slowest[i] > 0) {
        peak[i] = Math.max(slowest[i], peak[i] - (peak[i] - slowest[i]) * forget);
      }
      changed |= Math.abs(peak[i] - reserve[i]) > TOLERANCE * reserve[i];
    }
    ControlState remembering = current.withMemory(current.memory().withStageNanos(peak));
    return changed
        ? Adjustment.change(reserving(peak, remembering), reason(peak))
        : Adjustment.hold(remembering, "the stages take as long as before");
  }

  private ControlState reserving(double[] peak, ControlState current) {
    return new ControlState(
        Thresholds.neverExit(current.thresholds().version() + 1, exits),
        current.quotas(),
        Arrays.stream(peak).mapToLong(nanos -> (long) nanos).toArray(),
        current.budget(),
        current.memory());
  }

  private static String reason(double[] peak) {
    return "the stages need %s us"
        .formatted(Arrays.toString(Arrays.stream(peak).mapToLong(n -> (long) n / 1000).toArray()));
  }
}
