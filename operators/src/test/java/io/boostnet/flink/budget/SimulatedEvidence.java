package io.boostnet.flink.budget;

import io.boostnet.flink.exit.Evidence;
import io.boostnet.flink.model.StageCost;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Evidence of an imagined network: an image has a hardness, deeper exits cope with more of it, and
 * the confidence is the probability of being right, seen through noise.
 */
final class SimulatedEvidence {

  private static final int CLASSES = 100;

  private SimulatedEvidence() {}

  static Evidence of(int images, int exits, long seed) {
    Random random = new Random(seed);
    Evidence.Builder builder = Evidence.builder(exits);
    for (int image = 0; image < images; image++) {
      double hardness = random.nextGaussian();
      int label = random.nextInt(CLASSES);
      double luck = random.nextGaussian();
      float[] confidence = new float[exits];
      int[] predicted = new int[exits];
      for (int exit = 0; exit < exits; exit++) {
        double skill = 2.0 * Math.sqrt((exit + 1.0) / exits) - 0.5;
        double margin = 2 * (skill - hardness);
        luck = 0.95 * luck + 0.31 * random.nextGaussian();
        predicted[exit] = margin + 2 * luck > 0 ? label : (label + 1 + exit % 3) % CLASSES;
        double seen = margin + 1.5 * luck;
        confidence[exit] = (float) (0.01 + 0.99 / (1 + Math.exp(-seen)));
      }
      builder.add(label, confidence, predicted);
    }
    return builder.build();
  }

  /** Equal cost per stage. */
  static StageCost evenCost(int exits) {
    return StageCost.ofCumulative(IntStream.rangeClosed(1, exits).asDoubleStream().toArray());
  }
}
