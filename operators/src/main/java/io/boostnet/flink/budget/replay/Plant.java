package io.boostnet.flink.budget.replay;

import io.boostnet.flink.model.StageCost;
import org.apache.flink.annotation.Internal;

/**
 * The hardware and the network of a replay.
 *
 * @param cost share of the full network's time that each stage takes
 * @param subtasks subtasks, each of which works on one image at a time
 * @param fullNanos time of an image that runs all stages, in nanoseconds; single stages vary by 10
 *     %
 * @param hiddenNanos time per image that is not measured as any stage's, in nanoseconds
 */
@Internal
public record Plant(StageCost cost, int subtasks, double fullNanos, double hiddenNanos) {

  public Plant {
    if (subtasks < 1) {
      throw new IllegalArgumentException("subtasks are " + subtasks + "; at least 1 is needed");
    }
    if (!(fullNanos > 0) || !(hiddenNanos >= 0)) {
      throw new IllegalArgumentException(
          String.format(
              "an image takes %s ns on the stages and %s ns beside them; above 0 and at least 0 is"
                  + " needed",
              fullNanos, hiddenNanos));
    }
  }

  /** A plant without hidden time. */
  public Plant(StageCost cost, int subtasks, double fullNanos) {
    this(cost, subtasks, fullNanos, 0);
  }

  /** Images per second at a mean cost, as a share of the full network's. */
  public double capacity(double meanCost) {
    return subtasks * 1e9 / (meanCost * fullNanos + hiddenNanos);
  }
}
