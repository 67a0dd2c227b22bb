package io.boostnet.training.checkpoint;

import io.boostnet.training.input.BadInputException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * A tensor as a pickle describes it: a strided view of a storage, whose bytes are read only if the
 * tensor is wanted.
 *
 * @param storage the storage
 * @param offset first element
 * @param shape sizes
 * @param strides elements from one index to the next, one for each size
 */
record StoredTensor(Storage storage, long offset, List<Long> shape, List<Long> strides) {

  private static final int MAX_DIMENSIONS = 8;

  /**
   * A file of elements within the checkpoint.
   *
   * @param key name of the file
   * @param elements number of elements that the pickle states
   */
  record Storage(ElementFormat format, String key, long elements) {}

  StoredTensor {
    if (shape.size() != strides.size() || shape.size() > MAX_DIMENSIONS) {
      throw BadInputException.of(
          "a tensor has %d sizes and %d strides, at most %d of both are read",
          shape.size(), strides.size(), MAX_DIMENSIONS);
    }
    long count = 1;
    long last = offset;
    for (int d = 0; d < shape.size(); d++) {
      long size = shape.get(d);
      long stride = strides.get(d);
      if (size < 0 || size > storage.elements() || stride < 0 || stride > storage.elements()) {
        throw outside(storage, shape);
      }
      count = Math.multiplyExact(count, size);
      last = Math.addExact(last, Math.multiplyExact(Math.max(0, size - 1), stride));
    }
    // More elements than the storage has would be a small file that expands.
    if (offset < 0 || count > storage.elements() || count > 0 && last >= storage.elements()) {
      throw outside(storage, shape);
    }
  }

  private static BadInputException outside(Storage storage, List<Long> shape) {
    return BadInputException.of(
        "a tensor of shape %s lies outside of its storage %s of %,d elements",
        Tensor.describe(shape), storage.key(), storage.elements());
  }

  /** Number of elements. */
  long elements() {
    return Tensor.elements(shape);
  }

  /** Copies the elements out of the storage's bytes, in row-major order. */
  Tensor read(ByteBuffer bytes) {
    float[] values = new float[Math.toIntExact(elements())];
    int[] index = new int[shape.size()];
    long position = offset;
    for (int i = 0; i < values.length; i++) {
      values[i] = storage.format().read(bytes, (int) position);
      for (int d = index.length - 1; d >= 0; d--) {
        position += strides.get(d);
        if (++index[d] < shape.get(d)) {
          break;
        }
        position -= strides.get(d) * index[d];
        index[d] = 0;
      }
    }
    return new Tensor(shape, values);
  }
}
