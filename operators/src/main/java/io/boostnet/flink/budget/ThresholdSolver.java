package io.boostnet.flink.budget;

import io.boostnet.flink.exit.Evidence;
import io.boostnet.flink.model.StageCost;
import org.apache.flink.annotation.PublicEvolving;

/** From calibration evidence to thresholds for every mean cost. Implementations are stateless. */
@PublicEvolving
public interface ThresholdSolver {

  /**
   * Solves the thresholds of the whole frontier.
   *
   * @param evidence labelled images that the network was not trained on
   * @param cost cost of each exit: multiply-accumulate operations or measured time
   * @throws IllegalArgumentException unless both have the same number of exits
   */
  Frontier solve(Evidence evidence, StageCost cost);
}
