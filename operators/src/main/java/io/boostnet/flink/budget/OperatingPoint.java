package io.boostnet.flink.budget;

import io.boostnet.flink.exit.Evidence;
import io.boostnet.flink.exit.Thresholds;
import io.boostnet.flink.model.StageCost;
import java.io.Serializable;
import org.apache.flink.annotation.PublicEvolving;

/**
 * Thresholds, and what they do to the images of evidence.
 *
 * @param thresholds the thresholds
 * @param meanCost mean cost of an image, as a share of the full network's
 * @param accuracy share of images predicted right, 0..1: counted, or as a solver expects it of
 *     other images
 * @param exits where the images leave
 */
@PublicEvolving
public record OperatingPoint(
    Thresholds thresholds, double meanCost, double accuracy, ExitDistribution exits)
    implements Serializable {

  private static final long serialVersionUID = 1;

  /**
   * Runs thresholds on evidence.
   *
   * @throws IllegalArgumentException unless all three have the same number of exits
   */
  public static OperatingPoint measure(Thresholds thresholds, Evidence evidence, StageCost cost) {
    int exits = evidence.exits();
    if (thresholds.exits() != exits || cost.exits() != exits) {
      throw new IllegalArgumentException(
          String.format(
              "evidence has %d exits, the thresholds %d, the cost %d; as many are needed",
              exits, thresholds.exits(), cost.exits()));
    }
    long[] counts = new long[exits];
    int right = 0;
    for (int image = 0; image < evidence.images(); image++) {
      int exit = 1;
      while (exit < exits && !thresholds.leaves(exit, evidence.confidence(exit, image))) {
        exit++;
      }
      counts[exit - 1]++;
      right += evidence.correct(exit, image) ? 1 : 0;
    }
    ExitDistribution distribution = ExitDistribution.of(counts);
    return new OperatingPoint(
        thresholds, distribution.meanCost(cost), (double) right / evidence.images(), distribution);
  }

  OperatingPoint expecting(double expected) {
    return new OperatingPoint(thresholds, meanCost, expected, exits);
  }
}
