package io.boostnet.training.bundle;

import io.boostnet.training.checkpoint.NamedTensors;
import io.boostnet.training.network.Node;

/**
 * A convolution that does the batch normalisation after it as well: {@code W' = W * s} and {@code
 * b' = (b - mean) * s + shift} with {@code s = scale / sqrt(variance + epsilon)}, per output
 * channel.
 *
 * @param kernel W', {@code [out, in, kernel, kernel]}
 * @param bias b', {@code [out]}
 */
record FoldedConvolution(float[] kernel, float[] bias) {

  static FoldedConvolution of(Node.Conv2d conv, Node.BatchNorm norm, NamedTensors weights) {
    float[] scale = weights.values(norm.scale());
    float[] shift = weights.values(norm.shift());
    float[] mean = weights.values(norm.runningMean());
    float[] variance = weights.values(norm.runningVariance());
    float[] bias = bias(conv, weights).clone();
    float[] kernel = weights.values(conv.weight()).clone();
    int perChannel = kernel.length / bias.length;
    for (int c = 0; c < bias.length; c++) {
      double factor = scale[c] / Math.sqrt(variance[c] + Node.BatchNorm.EPSILON);
      bias[c] = (float) ((bias[c] - mean[c]) * factor + shift[c]);
      for (int i = c * perChannel; i < (c + 1) * perChannel; i++) {
        kernel[i] = (float) (kernel[i] * factor);
      }
    }
    return new FoldedConvolution(kernel, bias);
  }

  /** The bias of a convolution as it stands; zeros if it has none. */
  static float[] bias(Node.Conv2d conv, NamedTensors weights) {
    return conv.bias() ? weights.values(conv.biasName()) : new float[conv.shape().channels()];
  }
}
