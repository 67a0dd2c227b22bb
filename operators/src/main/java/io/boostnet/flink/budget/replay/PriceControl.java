package io.boostnet.flink.budget.replay;

import io.boostnet.flink.budget.Adjustment;
import io.boostnet.flink.budget.Budget;
import io.boostnet.flink.budget.BudgetController;
import io.boostnet.flink.budget.ControlState;
import io.boostnet.flink.budget.ExitWindow;
import io.boostnet.flink.budget.Frontier;
import io.boostnet.flink.exit.Thresholds;
import org.apache.flink.annotation.Internal;

/**
 * The alternative that the fixed budget's controller is compared with: the price of compute as dual
 * variable. The thresholds are always a point of the calibrated frontier, and the point moves
 * against the error of the measured cost:
 *
 * <pre>
 *   aim(t + 1) = aim(t) - {@value #GAIN} (measured cost - budget), within the frontier
 * </pre>
 *
 * There are no quotas. Immutable.
 */
@Internal
public final class PriceControl implements BudgetController {

  private static final double GAIN = 0.3;

  private final double share;
  private final Frontier frontier;

  /**
   * A controller.
   *
   * @param share the budget, as a share of the full network's cost
   */
  public PriceControl(double share, Frontier frontier) {
    this.share = share;
    this.frontier = frontier;
  }

  @Override
  public ControlState start() {
    ControlState constant =
        BudgetController.of(Budget.constant(frontier.at(share).thresholds()), frontier).start();
    return at(share, constant.thresholds(), constant);
  }

  @Override
  public Adjustment step(ExitWindow window, ControlState current) {
    if (window.images() == 0) {
      return Adjustment.hold(current, "no image left");
    }
    double aimed = current.budget() - GAIN * (window.meanCost(frontier.cost()) - share);
    aimed = Math.max(frontier.leastCost(), Math.min(frontier.mostCost(), aimed));
    Thresholds next =
        Thresholds.of(
            current.thresholds().version() + 1, frontier.at(aimed).thresholds().toArray());
    return Adjustment.change(at(aimed, next, current), "the price moved");
  }

  private static ControlState at(double aimed, Thresholds thresholds, ControlState before) {
    return new ControlState(
        thresholds, before.quotas(), before.reserveNanos(), aimed, before.memory());
  }
}
