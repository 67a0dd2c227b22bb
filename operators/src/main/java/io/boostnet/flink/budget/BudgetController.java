package io.boostnet.flink.budget;

import java.io.Serializable;
import org.apache.flink.annotation.Internal;

/**
 * Decides thresholds and quotas from what was measured. Implementations are immutable and pure: the
 * same window and state give the same adjustment; time arrives in the window.
 */
@Internal
public interface BudgetController extends Serializable {

  /** State before the first window; its thresholds have version 1. */
  ControlState start();

  /**
   * Makes one decision.
   *
   * @param window what was measured since the last step; it may be empty of images
   * @param current the {@link Adjustment#next} of the last step, the restored state, or {@link
   *     #start}
   * @throws IllegalArgumentException unless both have the exits that the controller was made for
   */
  Adjustment step(ExitWindow window, ControlState current);

  /**
   * Whether a subtask may use what others spare of their quotas.
   *
   * @param utilization share of its time that its thread was busy, 0..1
   */
  default boolean lendsTo(double utilization) {
    return true;
  }

  /**
   * The controller of a budget.
   *
   * @param frontier solved thresholds of the network to control; null for constant thresholds
   */
  static BudgetController of(Budget budget, Frontier frontier) {
    if (budget instanceof Budget.Constant constant) {
      return new ConstantController(constant.thresholds());
    }
    if (budget instanceof Budget.Fixed fixed) {
      return new FixedBudgetController(fixed, frontier);
    }
    if (budget instanceof Budget.KeepUp keepUp) {
      return new KeepUpController(keepUp, frontier);
    }
    return ofDeadline(frontier.cost().exits());
  }

  /**
   * The controller of a deadline, which needs no thresholds.
   *
   * @param exits of the network to control
   */
  static BudgetController ofDeadline(int exits) {
    return new DeadlineController(exits);
  }
}
