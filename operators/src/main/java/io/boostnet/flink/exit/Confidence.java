package io.boostnet.flink.exit;

import java.nio.FloatBuffer;
import org.apache.flink.annotation.PublicEvolving;

/**
 * What an exit says of an image: its most probable class, and the maximum softmax probability of
 * the ensemble logits.
 *
 * @param label index of the most probable class; the lowest index among equals
 * @param value maximum softmax probability, 1/classes .. 1; NaN where any logit is not finite
 */
@PublicEvolving
public record Confidence(int label, float value) {

  /**
   * Reads one row of logits.
   *
   * @param logits logits of a batch, row after row, from index 0; position and limit are not used
   * @param row the row, from 0
   * @param classes classes, the length of a row
   */
  public static Confidence of(FloatBuffer logits, int row, int classes) {
    int from = row * classes;
    int label = 0;
    float max = logits.get(from);
    for (int i = 1; i < classes; i++) {
      float logit = logits.get(from + i);
      if (logit > max) {
        max = logit;
        label = i;
      }
    }
    double sum = 0;
    boolean finite = true;
    for (int i = 0; i < classes; i++) {
      float logit = logits.get(from + i);
      finite &= Float.isFinite(logit);
      sum += Math.exp(logit - max);
    }
    return new Confidence(label, finite ? (float) (1 / sum) : Float.NaN);
  }

  /** Whether the logits were finite, so that label and value mean something. */
  public boolean isFinite() {
    return Float.isFinite(value);
  }
}
