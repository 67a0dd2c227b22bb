package io.boostnet.training.bundle.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.AttributeProto.AttributeType;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import ai.onnxruntime.platform.Fp16Conversions;
import com.google.protobuf.ByteString;
import io.boostnet.schema.ElementType;
import io.boostnet.schema.TensorSpec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * An ONNX model under construction, operator set 17, IR version 8. Values are named; every call
 * that adds a node returns the name of its output. Used by one thread, once.
 */
public final class OnnxGraph {

  public static final int OPERATOR_SET = 17;
  private static final int IR_VERSION = 8;
  private static final String MICROSOFT = "com.microsoft";

  private final GraphProto.Builder graph;

  public OnnxGraph(String name) {
    graph = GraphProto.newBuilder().setName(name);
  }

  public void input(TensorSpec spec) {
    graph.addInput(valueInfo(spec));
  }

  public void output(TensorSpec spec) {
    graph.addOutput(valueInfo(spec));
  }

  /** Adds a node with one output of this name. */
  public String node(
      String operator, String output, List<String> inputs, AttributeProto... attributes) {
    graph.addNode(
        NodeProto.newBuilder()
            .setOpType(operator)
            .setName(operator + "_" + output)
            .addAllInput(inputs)
            .addOutput(output)
            .addAllAttribute(List.of(attributes)));
    return output;
  }

  /** Adds a node of ONNX Runtime's own operators. */
  public String microsoftNode(
      String operator, String output, List<String> inputs, AttributeProto... attributes) {
    node(operator, output, inputs, attributes);
    graph.getNodeBuilder(graph.getNodeCount() - 1).setDomain(MICROSOFT);
    return output;
  }

  /** Gives a value another name, wherever it is read and written. */
  public void rename(String from, String to) {
    for (NodeProto.Builder node : graph.getNodeBuilderList()) {
      for (int i = 0; i < node.getInputCount(); i++) {
        if (node.getInput(i).equals(from)) {
          node.setInput(i, to);
        }
      }
      if (node.getOutput(0).equals(from)) {
        node.setOutput(0, to);
      }
    }
  }

  /** Converts a value to another element type. */
  public String cast(String value, ElementType type, String output) {
    return node("Cast", output, List.of(value), attribute("to", dataType(type).getNumber()));
  }

  /** A constant of 32-bit floats. */
  public String floats(String name, float[] values, long... shape) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return constant(name, DataType.FLOAT, bytes, shape);
  }

  /**
   * A constant stored in 16-bit floats, rounded to the nearest; what is too large for them is
   * refused.
   */
  public String halfFloats(String name, float[] values, long... shape) {
    ByteBuffer bytes = ByteBuffer.allocate(2 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      short half = Fp16Conversions.floatToFp16(value);
      if (!Float.isFinite(Fp16Conversions.fp16ToFloat(half))) {
        throw new IllegalArgumentException(
            "the constant "
                + name
                + " holds "
                + value
                + ", beyond 16-bit floats: export with 32 bits");
      }
      bytes.putShort(half);
    }
    return constant(name, DataType.FLOAT16, bytes.rewind(), shape);
  }

  /** A constant vector of 64-bit integers. */
  public String integers(String name, long... values) {
    ByteBuffer bytes = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asLongBuffer().put(values);
    return constant(name, DataType.INT64, bytes, values.length);
  }

  /** A constant vector of 32-bit integers. */
  public String integers32(String name, int... values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asIntBuffer().put(values);
    return constant(name, DataType.INT32, bytes, values.length);
  }

  /** A constant of 8-bit integers. */
  public String signedBytes(String name, byte[] values, long... shape) {
    return constant(name, DataType.INT8, ByteBuffer.wrap(values), shape);
  }

  /** A constant of 8-bit integers without a sign. */
  public String unsignedBytes(String name, byte[] values, long... shape) {
    return constant(name, DataType.UINT8, ByteBuffer.wrap(values), shape);
  }

  private String constant(String name, DataType type, ByteBuffer bytes, long... shape) {
    TensorProto.Builder tensor =
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(type.getNumber())
            .setRawData(ByteString.copyFrom(bytes));
    for (long size : shape) {
      tensor.addDims(size);
    }
    graph.addInitializer(tensor);
    return name;
  }

  /** The finished model. */
  public ModelProto model() {
    return ModelProto.newBuilder()
        .setIrVersion(IR_VERSION)
        .setProducerName("boostnet")
        .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(OPERATOR_SET))
        .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain(MICROSOFT).setVersion(1))
        .setGraph(graph)
        .build();
  }

  public static AttributeProto attribute(String name, long value) {
    return AttributeProto.newBuilder().setName(name).setType(AttributeType.INT).setI(value).build();
  }

  public static AttributeProto attribute(String name, float value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeType.FLOAT)
        .setF(value)
        .build();
  }

  public static AttributeProto attribute(String name, String value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeType.STRING)
        .setS(ByteString.copyFromUtf8(value))
        .build();
  }

  public static AttributeProto attribute(String name, List<Long> values) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeType.INTS)
        .addAllInts(values)
        .build();
  }

  /** What a graph states of one of its inputs and outputs. */
  public static ValueInfoProto valueInfo(TensorSpec spec) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    for (long size : spec.getShape()) {
      if (size < 0) {
        shape.addDimBuilder().setDimParam("batch");
      } else {
        shape.addDimBuilder().setDimValue(size);
      }
    }
    TypeProto.Tensor tensor =
        TypeProto.Tensor.newBuilder()
            .setElemType(dataType(spec.getElementType()).getNumber())
            .setShape(shape)
            .build();
    return ValueInfoProto.newBuilder()
        .setName(spec.getName())
        .setType(TypeProto.newBuilder().setTensorType(tensor))
        .build();
  }

  private static DataType dataType(ElementType type) {
    return switch (type) {
      case FLOAT -> DataType.FLOAT;
      case FLOAT16 -> DataType.FLOAT16;
      case UINT8 -> DataType.UINT8;
    };
  }
}
