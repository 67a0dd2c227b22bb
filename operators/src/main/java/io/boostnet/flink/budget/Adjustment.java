package io.boostnet.flink.budget;

import org.apache.flink.annotation.Internal;

/**
 * What a controller made of a window: a change of the settings, or the decision to leave them.
 *
 * @param next state to go on with, and to give to the next step
 * @param changed whether the subtasks must be told: thresholds, quotas or reserves are new, under a
 *     larger version
 * @param reason one sentence: why
 * @param price accuracy gained per unit of cost at the budget; NaN where the policy has none
 * @param neededRate images per second that the stream needs; NaN where not measured
 */
@Internal
public record Adjustment(
    ControlState next, boolean changed, String reason, double price, double neededRate) {

  /** Everything stays as it is. */
  public static Adjustment hold(ControlState current, String reason) {
    return new Adjustment(current, false, reason, Double.NaN, Double.NaN);
  }

  /** Something changes. */
  public static Adjustment change(ControlState next, String reason) {
    return new Adjustment(next, true, reason, Double.NaN, Double.NaN);
  }

  Adjustment at(double newPrice, double newNeededRate) {
    return new Adjustment(next, changed, reason, newPrice, newNeededRate);
  }
}
