package io.boostnet.flink.budget;

import io.boostnet.flink.exit.Thresholds;

/** Leaves the thresholds as they were given. */
final class ConstantController implements BudgetController {

  private static final long serialVersionUID = 1;

  private final Thresholds thresholds;

  ConstantController(Thresholds thresholds) {
    this.thresholds = Thresholds.of(1, thresholds.toArray());
  }

  @Override
  public ControlState start() {
    return ControlState.first(
        thresholds, Quotas.none(thresholds.exits()), Double.NaN, new ControlMemory.None());
  }

  @Override
  public Adjustment step(ExitWindow window, ControlState current) {
    current.requireFitting(window, thresholds.exits());
    return Adjustment.hold(current, "the thresholds are constant");
  }
}
