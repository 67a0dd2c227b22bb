package io.boostnet.training.bundle;

import io.boostnet.schema.ElementType;
import io.boostnet.training.bundle.onnx.OnnxCascade;
import io.boostnet.training.bundle.onnx.StageModel;
import io.boostnet.training.input.BadInputException;
import io.boostnet.training.torch.TorchNetwork;
import java.util.List;

/**
 * Compares exported stages with the network that they were made from, run by libtorch: two
 * libraries that share no kernel agree, or one of them is wrong.
 */
final class LibtorchParity {

  /** Share of the largest logit that 32-bit sums in another order may differ by. */
  private static final double FLOAT_SHARE = 1e-4;

  /** The same for weights and maps of 11 significant bits, over the depth of a network. */
  private static final double FLOAT16_SHARE = 2e-2;

  private LibtorchParity() {}

  /**
   * Requires that both give the same ensemble logits.
   *
   * @param inputs rows of the input tensor
   * @throws BadInputException where they do not
   */
  static void require(BundleContent content, List<StageModel> stages, float[][] inputs) {
    int batch = inputs.length;
    float[] images = new float[batch * inputs[0].length];
    for (int row = 0; row < batch; row++) {
      System.arraycopy(inputs[row], 0, images, row * inputs[0].length, inputs[0].length);
    }
    float[][] expected =
        TorchNetwork.ensembleLogits(
            content.network(), content.weights(), content.ensemble(), images, batch);
    try (OnnxCascade cascade = new OnnxCascade(stages, 1)) {
      float[][] logits = cascade.logits(images, batch);
      for (int exit = 0; exit < logits.length; exit++) {
        requireClose(exit + 1, logits[exit], expected[exit], share(content.storage()));
      }
    }
  }

  private static double share(ElementType storage) {
    return storage == ElementType.FLOAT ? FLOAT_SHARE : FLOAT16_SHARE;
  }

  private static void requireClose(int exit, float[] logits, float[] expected, double share) {
    double largest = 0;
    double difference = 0;
    for (int i = 0; i < logits.length; i++) {
      double apart = Math.abs((double) logits[i] - expected[i]);
      difference = Math.max(difference, Double.isNaN(apart) ? Double.POSITIVE_INFINITY : apart);
      largest = Math.max(largest, Math.abs(expected[i]));
    }
    if (difference > share * largest) {
      throw BadInputException.of(
          "At exit %d the exported stages in ONNX Runtime and the network in libtorch differ by %.3g, allowed is %.3g, so that one of"
              + " the two libraries computes wrongly on this machine: nothing was written, export on another one.",
          exit, difference, share * largest);
    }
  }
}
