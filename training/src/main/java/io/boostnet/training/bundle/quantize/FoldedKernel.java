package io.boostnet.training.bundle.quantize;

import java.util.HashMap;
import java.util.Map;

/**
 * A convolution between folded tensors that computes exactly what a {@link Kernel} does between
 * plain ones: every output pixel of a fold is a channel of its own, with the kernel's weights where
 * its window lies among the folded input pixels and zeros elsewhere.
 *
 * @param rows rows and strides in the direction of rows
 * @param columns the same in the direction of columns
 * @param weights {@code [output slots][input slots][rows][columns]}
 * @param bias one per output slot
 */
record FoldedKernel(Axis rows, Axis columns, float[] weights, double[] bias) {

  /**
   * One direction.
   *
   * @param taps size of the window, in folded pixels
   * @param stride folded pixels that it moves by
   * @param before padding before the first
   * @param after padding after the last
   */
  record Axis(int taps, int stride, int before, int after) {}

  /** Which folded pixel, and which pixel of its fold, a window reads: {@code [part][tap]}. */
  private record Reach(int[][] pixel, int[][] part, int first, int last, int stride) {

    static Reach of(Kernel kernel, int inputFold, int outputFold) {
      if (kernel.stride() * outputFold % inputFold != 0) {
        throw new IllegalArgumentException(
            "a convolution of stride %d does not lead from a fold of %d to one of %d"
                .formatted(kernel.stride(), inputFold, outputFold));
      }
      int[][] pixel = new int[outputFold][kernel.size()];
      int[][] part = new int[outputFold][kernel.size()];
      int first = Integer.MAX_VALUE;
      int last = Integer.MIN_VALUE;
      for (int o = 0; o < outputFold; o++) {
        for (int tap = 0; tap < kernel.size(); tap++) {
          int at = kernel.stride() * o - kernel.padding() + tap;
          pixel[o][tap] = Math.floorDiv(at, inputFold);
          part[o][tap] = Math.floorMod(at, inputFold);
          first = Math.min(first, pixel[o][tap]);
          last = Math.max(last, pixel[o][tap]);
        }
      }
      return new Reach(pixel, part, first, last, kernel.stride() * outputFold / inputFold);
    }

    Axis axis(int inputs, int outputs) {
      // A window that reads a few pixels before the first one only, or none of them, needs no more.
      int before = Math.max(0, -first);
      int after = Math.max(0, (outputs - 1) * stride + last - (inputs - 1));
      return new Axis(last - Math.min(0, first) + 1, stride, before, after);
    }

    /** Position of a folded pixel within the window. */
    int tap(int o, int t) {
      return pixel[o][t] - Math.min(0, first);
    }
  }

  /**
   * Rewrites a kernel.
   *
   * @param input where its inputs are
   * @param output where its outputs go; every slot is one of them or padding
   */
  static FoldedKernel of(Kernel kernel, Packed input, Packed output) {
    Reach rows = Reach.of(kernel, input.fold().rows(), output.fold().rows());
    Reach columns = Reach.of(kernel, input.fold().columns(), output.fold().columns());
    Axis height = rows.axis(input.rows(), output.rows());
    Axis width = columns.axis(input.columns(), output.columns());
    Map<Slot, Integer> slots = new HashMap<>();
    for (int i = 0; i < input.slots().size(); i++) {
      slots.putIfAbsent(input.slots().get(i), i);
    }
    Map<Channel, Integer> outputs = new HashMap<>();
    kernel.outputs().forEach(channel -> outputs.put(channel, outputs.size()));
    int inputs = input.slots().size();
    float[] weights = new float[output.slots().size() * inputs * height.taps * width.taps];
    double[] bias = new double[output.slots().size()];
    for (int o = 0; o < output.slots().size(); o++) {
      Slot to = output.slots().get(o);
      if (to.channel() == null) {
        continue;
      }
      int row = outputs.get(to.channel());
      bias[o] = kernel.bias()[row];
      for (int i = 0; i < kernel.inputs().size(); i++) {
        for (int y = 0; y < kernel.size(); y++) {
          for (int x = 0; x < kernel.size(); x++) {
            int slot =
                slots.get(
                    new Slot(
                        kernel.inputs().get(i),
                        rows.part[to.row()][y],
                        columns.part[to.column()][x]));
            int at = (o * inputs + slot) * height.taps + rows.tap(to.row(), y);
            weights[at * width.taps + columns.tap(to.column(), x)] =
                (float) kernel.weight(row, i, y, x);
          }
        }
      }
    }
    return new FoldedKernel(height, width, weights, bias);
  }
}
