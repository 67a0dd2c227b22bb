package io.boostnet.flink.budget;

import io.boostnet.flink.exit.Evidence;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * How probably an exit is right, given its confidence: {@code p = 1 / (1 + exp(-(a + b * logit
 * c)))} with a and b fitted by maximum likelihood. Two parameters cannot follow the noise of a
 * small calibration set.
 *
 * <p>The exits of one network are over-confident in much the same way, and how much better a later
 * exit is than the one before is mostly told by its confidences, which are far less noisy than
 * labels. So a and b are fitted to all exits together, and those of an exit are drawn to them by a
 * ridge of {@value #POOLING}: partial pooling. The common fit has a ridge of {@value #RIDGE}
 * towards 0, which keeps it finite where exits are always right or always wrong.
 *
 * <p>Newton's method on the log likelihood. Sources: Platt, "Probabilistic Outputs for Support
 * Vector Machines", 1999; for pooling, Gelman and Hill, "Data Analysis Using Regression and
 * Multilevel/Hierarchical Models", 2007.
 */
final class ConfidenceCalibration {

  private static final int STEPS = 12;
  private static final double RIDGE = 1;
  private static final double POOLING = 1000;
  private static final double EDGE = 1e-4;

  private final double intercept;
  private final double slope;

  private ConfidenceCalibration(double intercept, double slope) {
    this.intercept = intercept;
    this.slope = slope;
  }

  /**
   * Fits every exit.
   *
   * @return one per exit, exit 1 first
   */
  static ConfidenceCalibration[] fit(Evidence evidence) {
    int[] exits = IntStream.rangeClosed(1, evidence.exits()).toArray();
    ConfidenceCalibration nothingKnown = new ConfidenceCalibration(0, 0);
    ConfidenceCalibration common = nothingKnown.towards(evidence, RIDGE, exits);
    return Arrays.stream(exits)
        .mapToObj(exit -> common.towards(evidence, POOLING, exit))
        .toArray(ConfidenceCalibration[]::new);
  }

  /** The best fit to some exits that is not far from this one. */
  private ConfidenceCalibration towards(Evidence evidence, double ridge, int... exits) {
    double a = intercept;
    double b = slope;
    for (int step = 0; step < STEPS; step++) {
      double gradientA = -ridge * (a - intercept);
      double gradientB = -ridge * (b - slope);
      double curveA = ridge;
      double curveAb = 0;
      double curveB = ridge;
      for (int exit : exits) {
        for (int image = 0; image < evidence.images(); image++) {
          double logit = logit(evidence.confidence(exit, image));
          double p = sigmoid(a + b * logit);
          double error = (evidence.correct(exit, image) ? 1 : 0) - p;
          double weight = p * (1 - p);
          gradientA += error;
          gradientB += error * logit;
          curveA += weight;
          curveAb += weight * logit;
          curveB += weight * logit * logit;
        }
      }
      double determinant = curveA * curveB - curveAb * curveAb;
      a += (curveB * gradientA - curveAb * gradientB) / determinant;
      b += (curveA * gradientB - curveAb * gradientA) / determinant;
    }
    return new ConfidenceCalibration(a, b);
  }

  /** Probability that a prediction of this confidence is right. */
  double probability(float confidence) {
    return sigmoid(intercept + slope * logit(confidence));
  }

  private static double logit(float confidence) {
    double inside = Math.min(1 - EDGE, Math.max(EDGE, confidence));
    return Math.log(inside / (1 - inside));
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }
}
