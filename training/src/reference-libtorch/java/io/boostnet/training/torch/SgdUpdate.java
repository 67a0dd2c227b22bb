package io.boostnet.training.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

/** The product's, with each product and sum rounded once, as PyTorch's kernels do it. */
final class SgdUpdate {

  private SgdUpdate() {}

  static void apply(
      NDManager temporary,
      NDArray weight,
      NDArray velocity,
      Sgd.Settings settings,
      float decay,
      float rate) {
    if (settings.nesterov()) {
      throw new IllegalArgumentException("the reference steps were made without Nesterov momentum");
    }
    NDArray gradient = weight.getGradient();
    gradient.attach(temporary);
    float[] g = gradient.toFloatArray();
    float[] w = weight.toFloatArray();
    float[] v = velocity.toFloatArray();
    for (int i = 0; i < w.length; i++) {
      v[i] = v[i] * (float) settings.momentum() + Math.fma(decay, w[i], g[i]);
      w[i] = Math.fma(-rate, v[i], w[i]);
    }
    set(temporary, velocity, v);
    set(temporary, weight, w);
  }

  private static void set(NDManager temporary, NDArray tensor, float[] values) {
    tensor.muli(0).addi(temporary.create(values, tensor.getShape()));
  }
}
