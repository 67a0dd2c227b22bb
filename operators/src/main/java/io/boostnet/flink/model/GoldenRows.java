package io.boostnet.flink.model;

import org.apache.flink.annotation.Internal;

/**
 * Inputs whose ensemble logits are known: what a network has to say wherever it serves. Read-only.
 *
 * @param inputs rows of the input tensor of stage 1, {@code [row][element]}
 * @param logits ensemble logits, {@code [row][exit from 0][class]}
 * @param tolerance largest difference of a logit that is allowed, above 0
 * @param reason why it is that much
 */
@Internal
public record GoldenRows(float[][] inputs, float[][][] logits, double tolerance, String reason) {

  /**
   * Checks the sizes.
   *
   * @throws IllegalArgumentException where there are no rows, or none of their logits, or the
   *     tolerance is not above 0
   */
  public GoldenRows {
    if (inputs.length == 0 || inputs.length != logits.length) {
      throw new IllegalArgumentException(
          "there are %d golden rows with logits of %d; at least 1 row is needed, each with its logits"
              .formatted(inputs.length, logits.length));
    }
    if (!(tolerance > 0) || Double.isInfinite(tolerance)) {
      throw new IllegalArgumentException(
          "the tolerance of the golden rows is " + tolerance + "; it must be above 0");
    }
  }

  /**
   * The same after a check that they are rows of a cascade.
   *
   * @throws IllegalArgumentException where a row has another size than its input or its logits
   */
  public GoldenRows requireFitting(Cascade cascade) {
    int elements = cascade.stages().get(0).inputs().get(0).rowElements();
    for (int row = 0; row < inputs.length; row++) {
      boolean fits = inputs[row].length == elements && logits[row].length == cascade.exits();
      for (float[] exit : logits[row]) {
        fits &= exit.length == cascade.classes();
      }
      if (!fits) {
        throw new IllegalArgumentException(
            "golden row %d is not %d elements with %d exits of %d logits"
                .formatted(row, elements, cascade.exits(), cascade.classes()));
      }
    }
    return this;
  }

  /** Number of rows. */
  public int count() {
    return inputs.length;
  }
}
