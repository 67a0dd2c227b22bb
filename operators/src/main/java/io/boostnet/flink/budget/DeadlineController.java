package io.boostnet.flink.budget;

import io.boostnet.flink.exit.Thresholds;
import java.util.Arrays;

/**
 * Keeps, per stage, the time to reserve for it, so that an image with a deadline starts a stage
 * only if it will end in time ({@link io.boostnet.flink.exit.DeadlineExit}): the 99th percentile of
 * the time that images spent at the stage of late, waiting included, in the slowest subtask. Where
 * none were there of late it is the last that was known. Images are there in any case, since a few
 * that have left run on for it. No image leaves for its confidence, as in anytime prediction.
 */
final class DeadlineController implements BudgetController {

  private static final long serialVersionUID = 1;

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
        new ControlMemory.None());
  }

  @Override
  public Adjustment step(ExitWindow window, ControlState current) {
    current.requireFitting(window, exits);
    long[] slowest = window.work().slowestStageNanos();
    long[] reserve = current.reserveNanos();
    boolean changed = false;
    for (int i = 0; i < exits; i++) {
      if (slowest[i] > 0 && slowest[i] != reserve[i]) {
        reserve[i] = slowest[i];
        changed = true;
      }
    }
    return changed
        ? Adjustment.change(reserving(reserve, current), reason(reserve))
        : Adjustment.hold(current, "the stages take as long as before");
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
