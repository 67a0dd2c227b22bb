package io.boostnet.flink.budget;

import io.boostnet.flink.exit.Calibration;

/**
 * How probably an exit is right, given its confidence: {@code p = 1 / (1 + exp(-(a + b * logit
 * c)))} with a and b fitted by maximum likelihood. Two parameters cannot follow the noise of a
 * small calibration set.
 *
 * <p>Newton's method on the log likelihood with a ridge of 1, which keeps the fit finite where an
 * exit is always right or always wrong. Source: Platt, "Probabilistic Outputs for Support Vector
 * Machines", 1999.
 */
final class ConfidenceCalibration {

  private static final int STEPS = 12;
  private static final double RIDGE = 1;
  private static final double EDGE = 1e-4;

  private final double intercept;
  private final double slope;

  private ConfidenceCalibration(double intercept, double slope) {
    this.intercept = intercept;
    this.slope = slope;
  }

  /** Fits an exit, 1 .. exits. */
  static ConfidenceCalibration fit(int exit, Calibration evidence) {
    int images = evidence.images();
    double[] logits = new double[images];
    for (int image = 0; image < images; image++) {
      logits[image] = logit(evidence.confidence(exit, image));
    }
    double a = 0;
    double b = 1;
    for (int step = 0; step < STEPS; step++) {
      double gradientA = -RIDGE * a;
      double gradientB = -RIDGE * b;
      double curveA = RIDGE;
      double curveAb = 0;
      double curveB = RIDGE;
      for (int image = 0; image < images; image++) {
        double p = sigmoid(a + b * logits[image]);
        double error = (evidence.correct(exit, image) ? 1 : 0) - p;
        double weight = p * (1 - p);
        gradientA += error;
        gradientB += error * logits[image];
        curveA += weight;
        curveAb += weight * logits[image];
        curveB += weight * logits[image] * logits[image];
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
