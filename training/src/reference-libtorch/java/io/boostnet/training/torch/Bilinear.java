package io.boostnet.training.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;

/** The product's, by libtorch's own operation, which DJL's binding of then did not anti-alias. */
final class Bilinear {

  private static final int BILINEAR = 2;

  private Bilinear() {}

  static NDArray resize(NDArray map, int height, int width) {
    return JniUtils.interpolate((PtNDArray) map, new long[] {height, width}, BILINEAR, true);
  }
}
