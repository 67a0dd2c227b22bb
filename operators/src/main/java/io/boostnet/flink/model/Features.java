package io.boostnet.flink.model;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.apache.flink.annotation.PublicEvolving;

/**
 * The tensors of one sample: for every tensor the bytes of one row, in native byte order, between
 * position and limit of a buffer, direct or on the heap.
 *
 * <p>The memory belongs to whoever filled it, and is valid only during the call that hands it over:
 * a receiver copies what it keeps. That one copy is all that a stage boundary costs.
 *
 * @param tensors one buffer per tensor
 */
@PublicEvolving
public record Features(ByteBuffer[] tensors) {

  /** Fresh direct memory for one row of each tensor; freed by the garbage collector. */
  public static Features allocate(List<TensorSpec> specs) {
    ByteBuffer[] tensors = new ByteBuffer[specs.size()];
    for (int i = 0; i < tensors.length; i++) {
      tensors[i] =
          ByteBuffer.allocateDirect(specs.get(i).rowBytes()).order(ByteOrder.nativeOrder());
    }
    return new Features(tensors);
  }

  /** Number of tensors. */
  public int count() {
    return tensors.length;
  }
}
