package io.boostnet.flink.inference.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import io.boostnet.flink.inference.MicroBatch;
import io.boostnet.flink.model.ElementType;
import io.boostnet.flink.model.Stage;
import io.boostnet.flink.model.TensorSpec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A micro-batch whose memory ONNX Runtime reads and writes in place: for every number of rows that
 * occurs, tensors over the same buffers are made once and used again.
 */
final class OnnxMicroBatch extends MicroBatch {

  /** The tensors of a call with a given number of rows, by name. */
  record Binding(Map<String, OnnxTensor> inputs, Map<String, OnnxTensor> outputs) {
    void close() {
      inputs.values().forEach(OnnxTensor::close);
      outputs.values().forEach(OnnxTensor::close);
    }
  }

  private final boolean buckets;
  private final Map<Integer, Binding> bindings = new HashMap<>();

  /**
   * Allocates the memory.
   *
   * @param buckets round the rows of a call up to a power of two, so that a device which prepares
   *     itself for every new shape meets few of them
   */
  OnnxMicroBatch(Stage stage, int capacity, boolean buckets) {
    super(stage, capacity);
    this.buckets = buckets;
  }

  /** Tensors for the rows that were appended. */
  Binding binding() throws OrtException {
    int rows = buckets ? Math.min(capacity(), ceilingPowerOfTwo(size())) : size();
    Binding binding = bindings.get(rows);
    if (binding == null) {
      binding = new Binding(new LinkedHashMap<>(), new LinkedHashMap<>());
      bindings.put(rows, binding);
      bind(stage().inputs(), rows, binding.inputs(), true);
      bind(stage().outputs(), rows, binding.outputs(), false);
    }
    return binding;
  }

  private void bind(
      List<TensorSpec> specs, int rows, Map<String, OnnxTensor> tensors, boolean inputs)
      throws OrtException {
    for (int i = 0; i < specs.size(); i++) {
      TensorSpec spec = specs.get(i);
      ByteBuffer memory =
          (inputs ? input(i) : output(i))
              .slice(0, rows * spec.rowBytes())
              .order(ByteOrder.nativeOrder());
      tensors.put(
          spec.name(),
          OnnxTensor.createTensor(
              OrtEnvironment.getEnvironment(), memory, spec.shape(rows), javaType(spec.type())));
    }
  }

  static OnnxJavaType javaType(ElementType type) {
    return switch (type) {
      case FLOAT -> OnnxJavaType.FLOAT;
      case FLOAT16 -> OnnxJavaType.FLOAT16;
      case UINT8 -> OnnxJavaType.UINT8;
    };
  }

  private static int ceilingPowerOfTwo(int rows) {
    return rows <= 1 ? 1 : Integer.highestOneBit(rows - 1) << 1;
  }

  @Override
  public void close() {
    bindings.values().forEach(Binding::close);
    bindings.clear();
  }
}
