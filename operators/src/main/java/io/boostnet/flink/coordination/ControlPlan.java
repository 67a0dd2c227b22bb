package io.boostnet.flink.coordination;

import io.boostnet.flink.budget.BudgetController;
import io.boostnet.flink.budget.ControlState;
import io.boostnet.flink.model.StageCost;
import io.boostnet.flink.model.ThresholdChange;
import java.io.Serializable;
import java.time.Duration;

/**
 * How a pipeline is controlled, as fixed when the job is built. Immutable.
 *
 * @param pipeline name of the pipeline, unique within the job
 * @param policy the budget and the network in words: a saved state of another policy is not used
 * @param controller makes the decisions
 * @param cost cost of the network's exits
 * @param interval time between two decisions
 */
public record ControlPlan(
    String pipeline, String policy, BudgetController controller, StageCost cost, Duration interval)
    implements Serializable {

  /** Time between two decisions where none is given: short against the seconds to react in. */
  public static final Duration DEFAULT_INTERVAL = Duration.ofMillis(250);

  private static final long serialVersionUID = 1;

  /** The settings of the start. */
  public ThresholdUpdate start(long nowMs) {
    ControlState start = controller.start();
    return ThresholdUpdate.of(
        start, nowMs, "the job started", ThresholdChange.Measured.nothing(start.budget()));
  }
}
