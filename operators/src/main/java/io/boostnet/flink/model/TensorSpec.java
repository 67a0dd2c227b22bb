package io.boostnet.flink.model;

import java.io.Serializable;
import java.util.List;
import org.apache.flink.annotation.PublicEvolving;

/**
 * Name, element type and shape of a tensor whose first dimension is the batch.
 *
 * @param name name in the ONNX model
 * @param type type of an element
 * @param rowShape sizes without the batch dimension, each at least 1
 */
@PublicEvolving
public record TensorSpec(String name, ElementType type, List<Long> rowShape)
    implements Serializable {

  /**
   * Checks the sizes.
   *
   * @throws IllegalArgumentException where a size is below 1 or a row exceeds 1 GiB
   */
  public TensorSpec {
    rowShape = List.copyOf(rowShape);
    long elements = 1;
    for (long size : rowShape) {
      if (size < 1) {
        throw new IllegalArgumentException(
            "tensor "
                + name
                + " has the row shape "
                + rowShape
                + "; every size must be at least 1");
      }
      elements = Math.multiplyExact(elements, size);
      if (elements * type.bytes() > 1L << 30) {
        throw new IllegalArgumentException(
            "tensor " + name + " has the row shape " + rowShape + "; a row may hold at most 1 GiB");
      }
    }
  }

  /** Elements of one row. */
  public int rowElements() {
    long elements = 1;
    for (long size : rowShape) {
      elements *= size;
    }
    return (int) elements;
  }

  /** Bytes of one row. */
  public int rowBytes() {
    return rowElements() * type.bytes();
  }

  /** The whole shape for a batch of so many rows. */
  public long[] shape(int rows) {
    long[] shape = new long[rowShape.size() + 1];
    shape[0] = rows;
    for (int i = 0; i < rowShape.size(); i++) {
      shape[i + 1] = rowShape.get(i);
    }
    return shape;
  }

  /** Whether the rows of both have the same type and shape; names may differ. */
  public boolean sameRows(TensorSpec other) {
    return type == other.type && rowShape.equals(other.rowShape);
  }
}
