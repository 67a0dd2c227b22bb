package io.boostnet.training.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

/**
 * Bilinear resizing with aligned corners as two matrix products, one along the rows and one along
 * the columns; so it has a gradient. libtorch's own operation cannot be had through DJL, whose
 * binding always asks for anti-aliasing.
 */
final class Bilinear {

  private Bilinear() {}

  /** Resizes {@code [batch, channels, h, w]} to {@code [batch, channels, height, width]}. */
  static NDArray resize(NDArray map, int height, int width) {
    Shape shape = map.getShape();
    long maps = shape.get(0) * shape.get(1);
    long rows = shape.get(2);
    long columns = shape.get(3);
    NDManager manager = map.getManager();
    // Not closed here: the backward pass reads them, and they lie in Java buffers.
    NDArray acrossColumns = manager.create(weights(columns, width), new Shape(width, columns));
    NDArray acrossRows = manager.create(weights(rows, height), new Shape(height, rows));
    try (NDArray lines = map.reshape(maps * rows, columns);
        NDArray transposed = acrossColumns.transpose();
        NDArray stretched = lines.matMul(transposed);
        NDArray planes = stretched.reshape(maps, rows, width);
        NDArray resized = acrossRows.matMul(planes)) {
      return resized.reshape(shape.get(0), shape.get(1), height, width);
    }
  }

  /**
   * Row i holds the shares of the input positions in output position i, which lies at {@code i *
   * (in - 1) / (out - 1)}.
   */
  private static float[] weights(long in, int out) {
    float[] weights = new float[Math.toIntExact(in * out)];
    float scale = out > 1 ? (float) (in - 1) / (out - 1) : 0;
    for (int i = 0; i < out; i++) {
      float at = i * scale;
      int low = Math.min((int) at, (int) in - 1);
      float share = at - low;
      weights[(int) (i * in) + low] += 1 - share;
      if (share > 0 && low + 1 < in) {
        weights[(int) (i * in) + low + 1] += share;
      }
    }
    return weights;
  }
}
