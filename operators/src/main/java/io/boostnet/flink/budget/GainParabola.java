package io.boostnet.flink.budget;

import java.util.Arrays;

/**
 * A parabola fitted by weighted least squares: what leaving an exit gains an image, as a function
 * of where the image stands in the order of confidence. Three coefficients cannot follow the noise
 * of single labels, which a bare sum of gains is led by where it is nearly flat. Not thread-safe.
 *
 * <p>Source: regression within the backward recursion of optimal stopping, Longstaff and Schwartz,
 * "Valuing American Options by Simulation", Review of Financial Studies 14, 2001.
 */
final class GainParabola {

  /** Keeps the fit finite where there are fewer than three images. */
  private static final double RIDGE = 1e-9;

  /** Sums of weight x^i, i = 0..4. */
  private final double[] moments = new double[5];

  /** Sums of weight x^i gain, i = 0..2. */
  private final double[] products = new double[3];

  private double constant;
  private double linear;
  private double square;

  /** Forgets what was added. */
  void clear() {
    Arrays.fill(moments, 0);
    Arrays.fill(products, 0);
  }

  /**
   * Adds an image.
   *
   * @param x its place in the order, -1..1
   */
  void add(double x, double gain, double weight) {
    double squared = x * x;
    moments[0] += weight;
    moments[1] += weight * x;
    moments[2] += weight * squared;
    moments[3] += weight * squared * x;
    moments[4] += weight * squared * squared;
    products[0] += weight * gain;
    products[1] += weight * gain * x;
    products[2] += weight * gain * squared;
  }

  /** Solves the normal equations by Cholesky's method. */
  void fit() {
    double l00 = Math.sqrt(moments[0] + RIDGE);
    double l10 = moments[1] / l00;
    double l20 = moments[2] / l00;
    double l11 = Math.sqrt(moments[2] + RIDGE - l10 * l10);
    double l21 = (moments[3] - l20 * l10) / l11;
    double l22 = Math.sqrt(moments[4] + RIDGE - l20 * l20 - l21 * l21);
    double y0 = products[0] / l00;
    double y1 = (products[1] - l10 * y0) / l11;
    double y2 = (products[2] - l20 * y0 - l21 * y1) / l22;
    square = y2 / l22;
    linear = (y1 - l21 * square) / l11;
    constant = (y0 - l10 * linear - l20 * square) / l00;
  }

  /** The fitted gain at a place in the order, -1..1. */
  double at(double x) {
    return constant + x * (linear + x * square);
  }
}
