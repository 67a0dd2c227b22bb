package io.boostnet.training.graph;

import static io.boostnet.training.bundle.onnx.OnnxGraph.attribute;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.platform.Fp16Conversions;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.boostnet.training.bundle.StageExport;
import io.boostnet.training.network.FeatureShape;
import io.boostnet.training.network.Network;
import io.boostnet.training.network.ResNet;
import io.boostnet.training.torch.TorchNetwork;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * A small residual network, its weights drawn at random, in the forms that exporters write; and the
 * way their users run them.
 */
public final class Foreign {

  public static final int CLASSES = 5;
  public static final int SIDE = 16;

  private Foreign() {}

  /** The network as this project exports it: [batch, 3, 16, 16] floats to `logits`. */
  public static ModelProto plain() {
    return of(3);
  }

  /** The same for images of so many channels. */
  static ModelProto of(int channels) {
    Network network = new ResNet(8, 4).build(new FeatureShape(channels, SIDE, SIDE), CLASSES);
    try {
      return ModelProto.parseFrom(
          StageExport.exportWhole(network, TorchNetwork.drawWeights(network, 5)));
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException(e);
    }
  }

  static ModelProto withVersions(ModelProto model, int operatorSet, int ir) {
    ModelProto.Builder other = model.toBuilder().setIrVersion(ir);
    other.getOpsetImportBuilder(0).setVersion(operatorSet);
    return other.build();
  }

  /** Takes an input of another type and axes, through these nodes to the network's own. */
  static ModelProto withInput(
      ModelProto model, DataType type, List<Object> sizes, NodeProto... front) {
    ModelProto.Builder other = model.toBuilder();
    GraphProto.Builder graph = other.getGraphBuilder();
    String own = graph.getInput(0).getName();
    graph.setInput(0, info("input", type, sizes));
    List<NodeProto> nodes = List.copyOf(graph.getNodeList());
    graph.clearNode();
    for (int n = 0; n < front.length; n++) {
      graph.addNode(
          front[n].toBuilder()
              .setInput(0, n == 0 ? "input" : "front_" + n)
              .setOutput(0, n == front.length - 1 ? own : "front_" + (n + 1)));
    }
    graph.addAllNode(nodes);
    return other.build();
  }

  /** Adds nodes behind the logits, one after the other; the last one's output is `result`. */
  static ModelProto withEnd(ModelProto model, NodeProto... end) {
    ModelProto.Builder other = model.toBuilder();
    GraphProto.Builder graph = other.getGraphBuilder();
    for (int n = 0; n < end.length; n++) {
      graph.addNode(
          end[n].toBuilder()
              .setInput(0, n == 0 ? "logits" : "end_" + n)
              .setOutput(0, n == end.length - 1 ? "result" : "end_" + (n + 1)));
    }
    graph.clearOutput().addOutput(ValueInfoProto.newBuilder().setName("result"));
    return other.build();
  }

  /** Replaces the Flatten before the last layer by a Reshape to [batch, features]. */
  static ModelProto fixedAtBatch(ModelProto model, long batch) {
    ModelProto.Builder other = model.toBuilder();
    GraphProto.Builder graph = other.getGraphBuilder();
    graph.addInitializer(
        TensorProto.newBuilder()
            .setName("features_shape")
            .setDataType(DataType.INT64.getNumber())
            .addDims(2)
            .addInt64Data(batch)
            .addInt64Data(16));
    for (NodeProto.Builder node : graph.getNodeBuilderList()) {
      if (node.getOpType().equals("Flatten")) {
        node.setOpType("Reshape").clearAttribute().addInput("features_shape");
      }
    }
    fixDimension(graph.getInputBuilder(0), batch);
    fixDimension(graph.getOutputBuilder(0), batch);
    return other.build();
  }

  private static void fixDimension(ValueInfoProto.Builder info, long batch) {
    TensorShapeProto.Builder shape = info.getTypeBuilder().getTensorTypeBuilder().getShapeBuilder();
    shape.setDim(0, TensorShapeProto.Dimension.newBuilder().setDimValue(batch));
  }

  /** Everything in 16-bit floats. */
  static ModelProto half(ModelProto model) {
    ModelProto.Builder other = model.toBuilder();
    GraphProto.Builder graph = other.getGraphBuilder();
    for (TensorProto.Builder weight : graph.getInitializerBuilderList()) {
      FloatBuffer floats =
          weight.getRawData().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
      ByteBuffer halves =
          ByteBuffer.allocate(2 * floats.remaining()).order(ByteOrder.LITTLE_ENDIAN);
      while (floats.hasRemaining()) {
        halves.putShort(Fp16Conversions.floatToFp16(floats.get()));
      }
      weight
          .setDataType(DataType.FLOAT16.getNumber())
          .setRawData(ByteString.copyFrom(halves.rewind()));
    }
    int type = DataType.FLOAT16.getNumber();
    graph.getInputBuilder(0).getTypeBuilder().getTensorTypeBuilder().setElemType(type);
    graph.getOutputBuilder(0).getTypeBuilder().getTensorTypeBuilder().setElemType(type);
    return other.build();
  }

  static ValueInfoProto info(String name, DataType type, List<Object> sizes) {
    ValueInfoProto.Builder info = ValueInfoProto.newBuilder().setName(name);
    TensorShapeProto.Builder shape =
        info.getTypeBuilder()
            .getTensorTypeBuilder()
            .setElemType(type.getNumber())
            .getShapeBuilder();
    for (Object size : sizes) {
      if (size instanceof Integer value) {
        shape.addDimBuilder().setDimValue(value);
      } else {
        shape.addDimBuilder().setDimParam(size.toString());
      }
    }
    return info.build();
  }

  static NodeProto node(String operator, List<String> moreInputs, AttributeProto... attributes) {
    return NodeProto.newBuilder()
        .setOpType(operator)
        .addInput("")
        .addAllInput(moreInputs)
        .addOutput("")
        .addAllAttribute(List.of(attributes))
        .build();
  }

  /** Logits of the plain network for images of floats. */
  public static float[] logits(float[] images, int count) throws OrtException {
    return run(plain(), "logits", new Input(DataType.FLOAT, images, count, 3, SIDE, SIDE));
  }

  static NodeProto channelsFirst() {
    return node("Transpose", List.of(), attribute("perm", List.of(0L, 3L, 1L, 2L)));
  }

  /** Runs a model on bytes as its user would: {@code [image][row][column][channel]} pixels. */
  static float[] run(ModelProto model, String output, Object input) throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    String name = model.getGraph().getInput(0).getName();
    try (OrtSession session = environment.createSession(model.toByteArray());
        OnnxTensor tensor = tensor(environment, input);
        OrtSession.Result result = session.run(Map.of(name, tensor))) {
      FloatBuffer buffer = ((OnnxTensor) result.get(output).orElseThrow()).getFloatBuffer();
      float[] values = new float[buffer.remaining()];
      buffer.get(values);
      return values;
    }
  }

  /** A tensor as it is given to ONNX Runtime. */
  record Input(DataType type, float[] values, long... shape) {}

  private static OnnxTensor tensor(OrtEnvironment environment, Object input) throws OrtException {
    Input given = (Input) input;
    if (given.type() == DataType.FLOAT) {
      return OnnxTensor.createTensor(environment, FloatBuffer.wrap(given.values()), given.shape());
    }
    boolean bytes = given.type() == DataType.UINT8;
    ByteBuffer buffer =
        ByteBuffer.allocateDirect((bytes ? 1 : 2) * given.values().length)
            .order(ByteOrder.nativeOrder());
    IntStream.range(0, given.values().length)
        .forEach(
            i -> {
              if (bytes) {
                buffer.put((byte) Math.round(given.values()[i]));
              } else {
                buffer.putShort(Fp16Conversions.floatToFp16(given.values()[i]));
              }
            });
    return OnnxTensor.createTensor(
        environment,
        buffer.rewind(),
        given.shape(),
        bytes ? OnnxJavaType.UINT8 : OnnxJavaType.FLOAT16);
  }
}
