package io.boostnet.flink.coordination;

import io.boostnet.flink.budget.Budget;
import io.boostnet.flink.budget.BudgetController;
import io.boostnet.flink.budget.ControlState;
import io.boostnet.flink.model.Cascade;
import io.boostnet.flink.model.CostUnit;
import io.boostnet.flink.model.StageCost;
import io.boostnet.flink.model.ThresholdChange;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import org.apache.flink.annotation.Internal;

/**
 * How a pipeline is controlled, as fixed when the job is built. Immutable.
 *
 * @param pipeline name of the pipeline, unique within the job
 * @param policy the budget, the network, the number of its exits and the priorities of sources in
 *     words: a saved state of another policy is not used
 * @param controller makes the decisions
 * @param cost cost of the network's exits
 * @param interval time between two decisions, at most {@link #MAX_INTERVAL} where any is made
 * @param priorities names of the sources' priorities, the last for all others; empty for none
 */
@Internal
public record ControlPlan(
    String pipeline,
    String policy,
    BudgetController controller,
    StageCost cost,
    Duration interval,
    List<String> priorities)
    implements Serializable {

  /** Time between two decisions where none is given: short against the seconds to react in. */
  public static final Duration DEFAULT_INTERVAL = Duration.ofMillis(250);

  /**
   * Longest time between two decisions: a late subtask is waited for as long again, and that must
   * end before it is taken for a silent one.
   */
  public static final Duration MAX_INTERVAL = Duration.ofSeconds(2);

  private static final long serialVersionUID = 1;

  /** A plan where sources matter alike. */
  public ControlPlan(
      String pipeline,
      String policy,
      BudgetController controller,
      StageCost cost,
      Duration interval) {
    this(pipeline, policy, controller, cost, interval, List.of());
  }

  /**
   * The same where sources have priorities. They change which confidences count, so that they are
   * part of the policy.
   *
   * @param names of the priorities, the last for all other sources
   * @param inWords all that they say
   */
  public ControlPlan withPriorities(List<String> names, String inWords) {
    return new ControlPlan(pipeline, policy + ", " + inWords, controller, cost, interval, names);
  }

  /**
   * The plan of a budget on a network.
   *
   * @param unit what costs count in, time only where the bundle has times
   */
  public static ControlPlan of(
      String pipeline,
      Budget budget,
      Cascade cascade,
      CostUnit unit,
      BudgetController controller,
      Duration interval) {
    return new ControlPlan(
        pipeline,
        "%s in %s on %s %s of %d exits"
            .formatted(
                budget, cascade.unitOf(unit), cascade.name(), cascade.version(), cascade.exits()),
        controller,
        cascade.cost(unit),
        interval);
  }

  /** The settings of the start. */
  public ThresholdUpdate start(long nowMs) {
    ControlState start = controller.start();
    return ThresholdUpdate.of(
        start, nowMs, "the job started", ThresholdChange.Measured.nothing(start.budget()));
  }
}
