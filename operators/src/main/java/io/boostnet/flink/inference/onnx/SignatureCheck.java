package io.boostnet.flink.inference.onnx;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import io.boostnet.flink.inference.InferenceException;
import io.boostnet.flink.model.Stage;
import io.boostnet.flink.model.TensorSpec;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Compares the inputs and outputs of a loaded model with what the manifest says of them. */
final class SignatureCheck {

  private SignatureCheck() {}

  static void check(Stage stage, OrtSession session) throws InferenceException, OrtException {
    check(stage, "input", stage.inputs(), session.getInputInfo());
    check(stage, "output", stage.outputs(), session.getOutputInfo());
    checkOutputsAreWritten(stage, session);
  }

  /**
   * ONNX Runtime does not write an output that is an input of the graph into the tensor that is
   * pinned for it: the next stage would get what was there before.
   */
  private static void checkOutputsAreWritten(Stage stage, OrtSession session)
      throws InferenceException {
    for (TensorSpec output : stage.outputs()) {
      if (session.getInputNames().contains(output.name())) {
        throw new InferenceException(
            "%s hands its input '%s' on as an output, which ONNX Runtime would not write; put an Identity in between and export the bundle again"
                .formatted(stage.file(), output.name()));
      }
    }
  }

  private static void check(
      Stage stage, String kind, List<TensorSpec> expected, Map<String, NodeInfo> found)
      throws InferenceException {
    if (found.size() != expected.size()) {
      throw new InferenceException(
          "%s has the %ss %s, the manifest says %d; export the bundle again"
              .formatted(stage.file(), kind, found.keySet(), expected.size()));
    }
    for (TensorSpec spec : expected) {
      NodeInfo node = found.get(spec.name());
      if (node == null) {
        throw new InferenceException(
            "%s has no %s named '%s' as the manifest says, but %s; export the bundle again"
                .formatted(stage.file(), kind, spec.name(), found.keySet()));
      }
      if (!(node.getInfo() instanceof TensorInfo tensor) || !matches(spec, tensor)) {
        throw new InferenceException(
            "%s %s of %s is %s, the manifest says %s of %s; export the bundle again"
                .formatted(
                    kind,
                    spec.name(),
                    stage.file(),
                    node.getInfo(),
                    spec.type(),
                    Arrays.toString(spec.shape(-1))));
      }
    }
  }

  private static boolean matches(TensorSpec spec, TensorInfo tensor) {
    return tensor.type == OnnxMicroBatch.javaType(spec.type())
        && Arrays.equals(tensor.getShape(), spec.shape(-1));
  }
}
