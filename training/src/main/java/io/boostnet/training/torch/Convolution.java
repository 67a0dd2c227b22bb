package io.boostnet.training.torch;

/**
 * A 3 x 3 convolution and its gradients, by whatever computes them; padding 1, no bias.
 *
 * @see PlainConvolution
 */
interface Convolution {

  /**
   * A size to compute.
   *
   * @param batch images
   * @param channels input channels
   * @param outputs output channels
   * @param side rows and columns of the input
   * @param stride step of the window, 1 or more
   */
  record Size(int batch, int channels, int outputs, int side, int stride) {
    static final int KERNEL = 3;

    /** Rows and columns of the output. */
    int outputSide() {
      return (side - 1) / stride + 1;
    }

    int inputElements() {
      return batch * channels * side * side;
    }

    int kernelElements() {
      return outputs * channels * KERNEL * KERNEL;
    }

    int outputElements() {
      return batch * outputs * outputSide() * outputSide();
    }
  }

  /**
   * What a convolution gave, row-major as libtorch lays tensors out.
   *
   * @param output the convolution of input and kernel
   * @param inputGradient gradient of {@code sum(output * weighting)} by the input
   * @param kernelGradient the same by the kernel
   */
  record Result(float[] output, float[] inputGradient, float[] kernelGradient) {}

  /** Computes a convolution and its gradients for a weighting of its output. */
  Result compute(Size size, float[] input, float[] kernel, float[] weighting);
}
