package io.boostnet.flink.model;

import java.util.List;
import org.apache.flink.annotation.Internal;

/**
 * The class of a frame and the exit at which it was decided.
 *
 * @param sourceId {@link Frame#sourceId()}
 * @param sequence {@link Frame#sequence()}
 * @param timestampMs {@link Frame#timestampMs()}
 * @param trueLabel {@link Frame#label()}
 * @param label index of the predicted class, from 0
 * @param topK the most probable classes, most probable first; empty where the label is all that was
 *     asked for
 * @param confidence maximum softmax probability of the ensemble logits, 0..1
 * @param exit the exit taken, 1 .. K
 * @param forced left because of a quota or a deadline, with a confidence below the threshold
 * @param thresholdsVersion version of the thresholds that decided
 * @param subtask index of the deciding subtask, from 0
 * @param decidedAtMs processing time of the decision, in milliseconds since the Unix epoch
 * @param baggage {@link Frame#baggage()}
 * @param inherited whether the frame was not run and has the decision of an earlier one
 */
@Internal
public record Decision(
    String sourceId,
    long sequence,
    long timestampMs,
    int trueLabel,
    int label,
    List<ClassProbability> topK,
    float confidence,
    int exit,
    boolean forced,
    long thresholdsVersion,
    int subtask,
    long decidedAtMs,
    Baggage baggage,
    boolean inherited) {

  /** The decision of a frame that was run. */
  public Decision(
      String sourceId,
      long sequence,
      long timestampMs,
      int trueLabel,
      int label,
      List<ClassProbability> topK,
      float confidence,
      int exit,
      boolean forced,
      long thresholdsVersion,
      int subtask,
      long decidedAtMs,
      Baggage baggage) {
    this(
        sourceId,
        sequence,
        timestampMs,
        trueLabel,
        label,
        topK,
        confidence,
        exit,
        forced,
        thresholdsVersion,
        subtask,
        decidedAtMs,
        baggage,
        false);
  }

  /** The same with what its track says. */
  public Decision of(int newLabel, List<ClassProbability> newTopK, float newConfidence) {
    return new Decision(
        sourceId,
        sequence,
        timestampMs,
        trueLabel,
        newLabel,
        newTopK,
        newConfidence,
        exit,
        forced,
        thresholdsVersion,
        subtask,
        decidedAtMs,
        baggage,
        inherited);
  }
}
