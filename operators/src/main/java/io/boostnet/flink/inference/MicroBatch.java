package io.boostnet.flink.inference;

import io.boostnet.flink.model.Features;
import io.boostnet.flink.model.Stage;
import io.boostnet.flink.model.TensorSpec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
import org.apache.flink.annotation.Internal;

/**
 * Rows gathered for one call of a stage's network, with the native memory of its inputs and
 * outputs, which is allocated once and used again for every call.
 *
 * <p>Not thread-safe. The caller that allocated it closes it. Memory: {@code capacity} rows of all
 * inputs and outputs, outside the heap (in Flink: task off-heap memory).
 */
@Internal
public class MicroBatch implements AutoCloseable {

  private final Stage stage;
  private final int capacity;
  private final ByteBuffer[] inputs;
  private final ByteBuffer[] outputs;
  private final int[] inputRowBytes;
  private final int[] outputRowBytes;
  private final FloatBuffer logits;
  private final Features carried;
  private int size;

  /**
   * Allocates the memory.
   *
   * @throws IllegalArgumentException where capacity is below 1
   */
  public MicroBatch(Stage stage, int capacity) {
    if (capacity < 1) {
      throw new IllegalArgumentException("micro-batch capacity is " + capacity + "; at least 1");
    }
    this.stage = stage;
    this.capacity = capacity;
    inputs = allocate(stage, stage.inputs(), capacity);
    outputs = allocate(stage, stage.outputs(), capacity);
    inputRowBytes = stage.inputs().stream().mapToInt(TensorSpec::rowBytes).toArray();
    outputRowBytes = stage.outputs().stream().mapToInt(TensorSpec::rowBytes).toArray();
    logits = outputs[outputs.length - 1].asFloatBuffer();
    ByteBuffer[] views = new ByteBuffer[outputs.length];
    for (int i = 0; i < views.length; i++) {
      views[i] = outputs[i].duplicate().order(ByteOrder.nativeOrder());
    }
    carried = new Features(views);
  }

  private static ByteBuffer[] allocate(Stage stage, List<TensorSpec> specs, int capacity) {
    ByteBuffer[] buffers = new ByteBuffer[specs.size()];
    for (int i = 0; i < buffers.length; i++) {
      long bytes = (long) specs.get(i).rowBytes() * capacity;
      if (bytes > Integer.MAX_VALUE) {
        throw new IllegalArgumentException(
            "a micro-batch of %d rows of %s at %s takes %d bytes; set a smaller micro-batch size"
                .formatted(capacity, specs.get(i).name(), stage.label(), bytes));
      }
      try {
        buffers[i] = ByteBuffer.allocateDirect((int) bytes).order(ByteOrder.nativeOrder());
      } catch (OutOfMemoryError e) {
        throw new IllegalStateException(
            "no native memory for a micro-batch of %d rows at %s (%d bytes for %s); raise taskmanager.memory.task.off-heap.size or set a smaller micro-batch size"
                .formatted(capacity, stage.label(), bytes, specs.get(i).name()),
            e);
      }
    }
    return buffers;
  }

  /** The stage whose inputs these are. */
  public final Stage stage() {
    return stage;
  }

  /** Rows that fit. */
  public final int capacity() {
    return capacity;
  }

  /** Rows appended since the last {@link #clear()}. */
  public final int size() {
    return size;
  }

  /** Whether no further row fits. */
  public final boolean isFull() {
    return size == capacity;
  }

  /**
   * Copies a sample's tensors into the next row.
   *
   * @param features at least as many tensors as the stage has inputs, each with a row's bytes
   * @throws IllegalStateException where the batch is full
   * @throws IllegalArgumentException where a tensor has another size than the stage's input
   */
  public final void append(Features features) {
    if (isFull()) {
      throw new IllegalStateException("the micro-batch of " + stage.label() + " is full");
    }
    for (int i = 0; i < inputs.length; i++) {
      ByteBuffer row = features.tensors()[i];
      if (row.remaining() != inputRowBytes[i]) {
        throw new IllegalArgumentException(
            "input %s of %s needs %d bytes a row and got %d"
                .formatted(
                    stage.inputs().get(i).name(),
                    stage.label(),
                    inputRowBytes[i],
                    row.remaining()));
      }
      inputs[i].put(size * inputRowBytes[i], row, row.position(), inputRowBytes[i]);
    }
    size++;
  }

  /** Copies row {@code from} of another batch of the same stage into the next row. */
  public final void appendRowOf(MicroBatch other, int from) {
    for (int i = 0; i < inputs.length; i++) {
      int bytes = inputRowBytes[i];
      inputs[i].put(size * bytes, other.inputs[i], from * bytes, bytes);
    }
    size++;
  }

  /** Forgets the rows; the memory stays. */
  public final void clear() {
    size = 0;
  }

  /** The ensemble logits after a run, row after row; overwritten by the next run. */
  public final FloatBuffer logits() {
    return logits;
  }

  /**
   * The output tensors of one row after a run: carried feature maps and logits.
   *
   * @param row the row, from 0
   * @return a view that the next call moves and the next run overwrites
   */
  public final Features carried(int row) {
    for (int i = 0; i < outputs.length; i++) {
      int from = row * outputRowBytes[i];
      carried.tensors()[i].limit(from + outputRowBytes[i]).position(from);
    }
    return carried;
  }

  /** The memory of an input tensor, all rows of the capacity; for runners. */
  protected final ByteBuffer input(int tensor) {
    return inputs[tensor];
  }

  /** The memory of an output tensor, all rows of the capacity; for runners. */
  protected final ByteBuffer output(int tensor) {
    return outputs[tensor];
  }

  /** Releases what the runner attached; the buffers are freed by the garbage collector. */
  @Override
  public void close() {}
}
