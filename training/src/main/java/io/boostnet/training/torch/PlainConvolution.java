package io.boostnet.training.torch;

/**
 * A convolution by its definition, summed in double precision: what is right. With x the input, w
 * the kernel, g the weighting and s the stride, {@code y[o,i,j] = sum w[o,c,p,q] * x[c, s*i+p-1,
 * s*j+q-1]}, and every product adds its share to both gradients.
 */
final class PlainConvolution implements Convolution {

  @Override
  public Result compute(Size size, float[] input, float[] kernel, float[] weighting) {
    double[] output = new double[size.outputElements()];
    double[] inputGradient = new double[size.inputElements()];
    double[] kernelGradient = new double[size.kernelElements()];
    int y = 0;
    for (int image = 0; image < size.batch(); image++) {
      for (int o = 0; o < size.outputs(); o++) {
        for (int i = 0; i < size.outputSide(); i++) {
          for (int j = 0; j < size.outputSide(); j++, y++) {
            int w = o * size.channels() * Size.KERNEL * Size.KERNEL;
            for (int c = 0; c < size.channels(); c++) {
              int plane = (image * size.channels() + c) * size.side() * size.side();
              for (int p = -1; p <= 1; p++) {
                for (int q = -1; q <= 1; q++, w++) {
                  int row = i * size.stride() + p;
                  int column = j * size.stride() + q;
                  if (row >= 0 && row < size.side() && column >= 0 && column < size.side()) {
                    int x = plane + row * size.side() + column;
                    output[y] += (double) kernel[w] * input[x];
                    inputGradient[x] += (double) kernel[w] * weighting[y];
                    kernelGradient[w] += (double) input[x] * weighting[y];
                  }
                }
              }
            }
          }
        }
      }
    }
    return new Result(floats(output), floats(inputGradient), floats(kernelGradient));
  }

  private static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }
}
