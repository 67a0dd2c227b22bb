package io.boostnet.training.bundle.onnx;

import io.boostnet.schema.TensorSpec;
import java.util.List;

/**
 * One stage as an ONNX model.
 *
 * @param inputs input tensors: the image batch, or the outputs of the stage before it
 * @param outputs the carried feature maps, then {@code logits}
 * @param onnx the bytes of the model's file; not to be changed
 */
public record StageModel(List<TensorSpec> inputs, List<TensorSpec> outputs, byte[] onnx) {

  /** Name of the image batch, the input of stage 1. */
  public static final String IMAGES = "images";

  /** Name of the ensemble logits, the last output of every stage. */
  public static final String LOGITS = "logits";

  /**
   * Name of the ensemble logits of the stage before, the last input of a stage that adds to them.
   */
  public static final String LOGITS_BEFORE = "logits_before";

  public StageModel {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
  }

  /** Length of the logits. */
  public int classes() {
    return Math.toIntExact(outputs.get(outputs.size() - 1).getShape().get(1));
  }
}
