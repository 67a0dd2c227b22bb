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
 * where slowest_k is the 99th percentile of the time that images spent at stage k, waiting
 * included, in the last window in which any were there: it rises at once and falls slowly, so that
 * one stall does not close a stage for long. Images are there in any case, since a few that have
 * left run on for it. No image leaves for its confidence, as in anytime prediction.
 */
final class DeadlineController implements BudgetController {

  private static final long serialVersionUID = 1;

  private static final double FORGET_SECONDS = 10;

  /** Moves of a reserve by less than this share of it are left out. */
  private static final double TOLERANCE = 0.002;

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
        new ControlMemory.Deadlines(new double[exits]));
  }

  @Override
  public Adjustment step(ExitWindow window, ControlState current) {
    current.requireFitting(window, exits);
    double[] slowest =
        lastKnown(
            window.work().slowestStageNanos(),
            current.memory(ControlMemory.Deadlines.class).slowestNanos());
    long[] reserve = current.reserveNanos();
    double forget = Math.min(1, window.spanMs() / (1000 * FORGET_SECONDS));
    boolean changed = false;
    for (int i = 0; i < exits; i++) {
      long next = (long) Math.max(slowest[i], reserve[i] - (reserve[i] - slowest[i]) * forget);
      if (Math.abs(next - reserve[i]) > TOLERANCE * reserve[i]) {
        reserve[i] = next;
        changed = true;
      }
    }
    ControlState remembering = current.withMemory(new ControlMemory.Deadlines(slowest));
    return changed
        ? Adjustment.change(reserving(reserve, remembering), reason(reserve))
        : Adjustment.hold(remembering, "the stages take as long as before");
  }

  private static double[] lastKnown(long[] seen, double[] known) {
    for (int i = 0; i < seen.length; i++) {
      known[i] = seen[i] > 0 ? seen[i] : known[i];
    }
    return known;
  }

  private ControlState reserving(long[] reserve, ControlState current) {
    return new ControlState(
        Thresholds.neverExit(current.thresholds().version() + 1, exits),
        current.quotas(),
        reserve,
        current.budget(),
        current.memory());
  }

  private static String reason(long[] reserve) {
    return "the stages need %s us"
        .formatted(Arrays.toString(Arrays.stream(reserve).map(n -> n / 1000).toArray()));
  }
}
