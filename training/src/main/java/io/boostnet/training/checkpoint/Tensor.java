package io.boostnet.training.checkpoint;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A tensor of 32-bit floats in row-major order.
 *
 * @param shape sizes; empty for a scalar
 * @param values the elements; not copied, and not to be changed once the tensor is shared
 */
public record Tensor(List<Long> shape, float[] values) {

  public Tensor {
    shape = List.copyOf(shape);
    if (elements(shape) != values.length) {
      throw new IllegalArgumentException(
          "a tensor of shape " + describe(shape) + " cannot have " + values.length + " values");
    }
  }

  /** Number of elements of a tensor of this shape. */
  static long elements(List<Long> shape) {
    return shape.stream().reduce(1L, Math::multiplyExact);
  }

  /** The shape as people write it: {@code [16, 3, 3, 3]}. */
  static String describe(List<Long> shape) {
    return shape.stream().map(String::valueOf).collect(Collectors.joining(", ", "[", "]"));
  }
}
