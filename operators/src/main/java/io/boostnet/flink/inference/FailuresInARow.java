package io.boostnet.flink.inference;

import org.apache.flink.annotation.Internal;

/**
 * Rows of one stage that the network failed for without a good one between them. After {@value
 * #MOST} it is not the input that is bad. Not thread-safe.
 */
@Internal
public final class FailuresInARow {

  private static final int MOST = 32;

  private int failures;

  /** A row whose logits are fine. */
  public void succeeded() {
    failures = 0;
  }

  /**
   * A row that the network failed for.
   *
   * @param stage label of the stage
   * @param detail why it failed
   * @throws InferenceException where it is not the input that is bad
   */
  public void failed(String stage, String detail) throws InferenceException {
    if (++failures >= MOST) {
      throw new InferenceException(
          "the network failed for %d frames in a row, the last at %s: %s"
              .formatted(failures, stage, detail));
    }
  }
}
