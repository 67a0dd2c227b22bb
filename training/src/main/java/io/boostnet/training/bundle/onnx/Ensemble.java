package io.boostnet.training.bundle.onnx;

import java.util.List;

/**
 * The sum that makes ensemble logits, {@code F_k = f_k + w_k * F_{k-1}}, within a stage's model.
 */
public final class Ensemble {

  /** Name of the constant w_k. */
  public static final String WEIGHT = "ensemble_weight";

  private Ensemble() {}

  /**
   * Adds the weighted logits of the stage before to a stage's own, under the name of the logits.
   */
  public static String add(OnnxGraph graph, String own, float weight) {
    String before =
        graph.node(
            "Mul",
            "weighted_logits_before",
            List.of(StageModel.LOGITS_BEFORE, graph.floats(WEIGHT, new float[] {weight})));
    return graph.node("Add", StageModel.LOGITS, List.of(own, before));
  }
}
