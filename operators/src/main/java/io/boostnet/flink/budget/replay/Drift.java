package io.boostnet.flink.budget.replay;

import io.boostnet.flink.exit.Evidence;
import java.util.function.IntToDoubleFunction;
import org.apache.flink.annotation.Internal;

/** Evidence of a stream that has drifted, made from evidence recorded before. */
@Internal
public final class Drift {

  private Drift() {}

  /**
   * The same images with confidences raised to a power: to {@code 1 + (power - 1) / sqrt(k)} at
   * exit k. The order of the images at an exit stays, the exits' relation to each other does not.
   *
   * @param power above 1: images look harder; below 1: easier
   * @throws IllegalArgumentException unless the power is above 0
   */
  public static Evidence inDifficulty(Evidence evidence, double power) {
    if (!(power > 0) || Double.isInfinite(power)) {
      throw new IllegalArgumentException("power is " + power + "; above 0 and finite is needed");
    }
    Evidence.Builder builder = Evidence.builder(evidence.exits());
    for (int image = 0; image < evidence.images(); image++) {
      float[] confidence = new float[evidence.exits()];
      int[] predicted = new int[evidence.exits()];
      for (int exit = 1; exit <= confidence.length; exit++) {
        double raised = 1 + (power - 1) / Math.sqrt(exit);
        confidence[exit - 1] = (float) Math.pow(evidence.confidence(exit, image), raised);
        predicted[exit - 1] = evidence.predicted(exit, image);
      }
      builder.add(evidence.label(image), confidence, predicted);
    }
    return builder.build();
  }

  /**
   * As many images, of classes in another mix: an image comes as often as its class has weight, to
   * the next whole number.
   *
   * @param weight weight of a class, at least 0
   * @throws IllegalArgumentException if no image has a class of weight above 0
   */
  public static Evidence inClasses(Evidence evidence, IntToDoubleFunction weight) {
    double all = 0;
    for (int image = 0; image < evidence.images(); image++) {
      all += weight.applyAsDouble(evidence.label(image));
    }
    if (!(all > 0)) {
      throw new IllegalArgumentException("no image of the evidence has a class with a weight");
    }
    Evidence.Builder builder = Evidence.builder(evidence.exits());
    double due = 0;
    int taken = 0;
    for (int image = 0; image < evidence.images(); image++) {
      due += weight.applyAsDouble(evidence.label(image)) * evidence.images() / all;
      for (; taken < Math.round(due); taken++) {
        builder.add(evidence, image);
      }
    }
    return builder.build();
  }
}
