package io.boostnet.training.calibrate;

/**
 * How far two arrays are apart.
 *
 * @param largest largest difference of two values
 * @param mean mean of all differences
 */
record Difference(double largest, double mean) {

  static Difference of(float[] a, float[] b) {
    double largest = 0;
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      double difference = Math.abs(a[i] - b[i]);
      largest = Math.max(largest, difference);
      sum += difference;
    }
    return new Difference(largest, sum / a.length);
  }
}
