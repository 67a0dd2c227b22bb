package io.boostnet.training.bundle.quantize;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/**
 * A convolution, with batch normalisation folded in and a ReLU after it, between channels of the
 * network.
 *
 * @param outputs channels that it makes
 * @param inputs channels that it reads
 * @param size rows and columns of the window
 * @param stride pixels that the window moves by
 * @param padding rows and columns of zeros on each side
 * @param weights {@code [outputs][inputs][size][size]}; not to be changed
 * @param bias one per output; not to be changed
 */
record Kernel(
    List<Channel> outputs,
    List<Channel> inputs,
    int size,
    int stride,
    int padding,
    double[] weights,
    double[] bias) {

  Kernel {
    outputs = List.copyOf(outputs);
    inputs = List.copyOf(inputs);
  }

  /** The value that the first output belongs to. */
  int value() {
    return outputs.get(0).value();
  }

  /** Number of input channels, weights of a window each. */
  private int window() {
    return size * size;
  }

  double weight(int output, int input, int row, int column) {
    return weights[((output * inputs.size() + input) * size + row) * size + column];
  }

  /**
   * Kernels of one window that are run as one: an output has zeros for inputs that it does not
   * read.
   */
  static Kernel stacked(List<Kernel> kernels) {
    Set<Channel> read = new LinkedHashSet<>();
    List<Channel> outputs = new ArrayList<>();
    for (Kernel kernel : kernels) {
      read.addAll(kernel.inputs);
      outputs.addAll(kernel.outputs);
    }
    Map<Channel, Integer> position = new LinkedHashMap<>();
    read.forEach(channel -> position.put(channel, position.size()));
    Kernel first = kernels.get(0);
    int window = first.window();
    double[] weights = new double[outputs.size() * read.size() * window];
    double[] bias = new double[outputs.size()];
    int row = 0;
    for (Kernel kernel : kernels) {
      for (int o = 0; o < kernel.outputs.size(); o++, row++) {
        bias[row] = kernel.bias[o];
        for (int i = 0; i < kernel.inputs.size(); i++) {
          int to = (row * read.size() + position.get(kernel.inputs.get(i))) * window;
          System.arraycopy(
              kernel.weights, (o * kernel.inputs.size() + i) * window, weights, to, window);
        }
      }
    }
    return new Kernel(
        outputs, List.copyOf(read), first.size, first.stride, first.padding, weights, bias);
  }

  /**
   * The same function of channels in other units.
   *
   * @param unit what 1 stands for in each channel after the change
   */
  Kernel inUnits(ToDoubleFunction<Channel> unit) {
    double[] scaled = weights.clone();
    double[] offset = bias.clone();
    for (int o = 0; o < outputs.size(); o++) {
      double out = unit.applyAsDouble(outputs.get(o));
      offset[o] /= out;
      for (int i = 0; i < inputs.size(); i++) {
        double factor = unit.applyAsDouble(inputs.get(i)) / out;
        int from = (o * inputs.size() + i) * window();
        for (int w = from; w < from + window(); w++) {
          scaled[w] *= factor;
        }
      }
    }
    return new Kernel(outputs, inputs, size, stride, padding, scaled, offset);
  }
}
