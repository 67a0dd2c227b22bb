package io.boostnet.jobs.evaluate;

import io.boostnet.flink.exit.Thresholds;
import io.boostnet.flink.model.Frame;
import io.boostnet.schema.ExitEvidence;
import java.util.ArrayList;
import java.util.List;

/**
 * What every exit of a cascade says of one frame.
 *
 * @param sourceId what the frame comes from
 * @param sequence its position there
 * @param trueLabel index of the true class; {@link Frame#UNLABELLED} where it is not known
 * @param confidence maximum softmax probability at each exit, 0..1
 * @param label index of the most probable class at each exit
 * @param logits ensemble logits at each exit; null where they are not kept
 */
public record ExitRecord(
    String sourceId,
    long sequence,
    int trueLabel,
    float[] confidence,
    int[] label,
    float[][] logits) {

  /** The exit that thresholds let the frame leave at, 1 .. exits. */
  public int exitAt(Thresholds thresholds) {
    int exit = 1;
    while (exit < confidence.length && !thresholds.leaves(exit, confidence[exit - 1])) {
      exit++;
    }
    return exit;
  }

  /** The same as a record of an evidence file. */
  ExitEvidence evidence() {
    List<Float> confidences = new ArrayList<>();
    List<Integer> labels = new ArrayList<>();
    for (int i = 0; i < confidence.length; i++) {
      confidences.add(confidence[i]);
      labels.add(label[i]);
    }
    return new ExitEvidence(trueLabel, confidences, labels);
  }

  boolean isLabelled() {
    return trueLabel != Frame.UNLABELLED;
  }

  /**
   * Whether an exit is right of a labelled frame.
   *
   * @param exit 1 .. exits
   */
  boolean isRightAt(int exit) {
    return label[exit - 1] == trueLabel;
  }
}
