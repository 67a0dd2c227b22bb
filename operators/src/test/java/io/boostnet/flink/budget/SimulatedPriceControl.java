package io.boostnet.flink.budget;

import io.boostnet.flink.exit.Thresholds;

/**
 * The alternative that {@link ShareFeedback} is compared with: the price of compute as dual
 * variable. The thresholds are always a point of the calibrated frontier, and the point moves
 * against the error of the measured cost.
 */
final class SimulatedPriceControl implements BudgetController {

  private static final double GAIN = 0.3;

  private final double share;
  private final Frontier frontier;

  SimulatedPriceControl(double share, Frontier frontier) {
    this.share = share;
    this.frontier = frontier;
  }

  @Override
  public ControlState start() {
    Thresholds thresholds = frontier.at(share).thresholds();
    return ControlState.first(
        Thresholds.of(1, thresholds.toArray()), Quotas.none(thresholds.exits()), share);
  }

  @Override
  public Adjustment step(ExitWindow window, ControlState current) {
    double aimed = current.budget() - GAIN * (window.meanCost(frontier.cost()) - share);
    aimed = Math.max(frontier.leastCost(), Math.min(frontier.mostCost(), aimed));
    return Adjustment.change(
        new ControlState(
            Thresholds.of(
                current.thresholds().version() + 1, frontier.at(aimed).thresholds().toArray()),
            current.quotas(),
            current.reserveNanos(),
            aimed,
            current.memory()),
        "the price moved");
  }
}
