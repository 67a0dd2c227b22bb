package io.boostnet.training.bundle;

import io.boostnet.schema.TensorSpec;
import java.util.List;

/**
 * One stage as an ONNX model.
 *
 * @param inputs input tensors: the image batch, or the outputs of the stage before it
 * @param outputs the carried feature maps, then {@code logits}
 * @param onnx the bytes of the model's file; not to be changed
 */
record StageModel(List<TensorSpec> inputs, List<TensorSpec> outputs, byte[] onnx) {

  StageModel {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
  }
}
