package io.boostnet.training.graph;

import static io.boostnet.training.bundle.onnx.OnnxGraph.attribute;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnx.proto.OnnxMl.TensorShapeProto.Dimension;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import io.boostnet.schema.ElementType;
import io.boostnet.schema.TensorSpec;
import io.boostnet.training.bundle.onnx.OnnxGraph;
import io.boostnet.training.bundle.onnx.StageModel;
import io.boostnet.training.input.BadInputException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Puts in front of a graph what it needs to take the images of a bundle, {@code [batch, 3, height,
 * width]} floats of red, green and blue planes: another order of the axes or the channels, one
 * channel, another element type, a batch that is not fixed.
 */
final class InputAdapter {

  /** Weights of red, green and blue in a grey pixel, as ITU-R BT.601 and every library has them. */
  private static final float[] GREY = {0.299f, 0.587f, 0.114f};

  private final ValueInfoProto declared;
  private final List<Dimension> sizes;
  private final int type;

  private InputAdapter(ValueInfoProto declared) {
    this.declared = declared;
    this.sizes = declared.getType().getTensorType().getShape().getDimList();
    this.type = declared.getType().getTensorType().getElemType();
  }

  /**
   * Reads what a graph states of its input.
   *
   * @throws BadInputException where it has several, or one that is no batch of images
   */
  static InputAdapter of(ModelProto model) {
    GraphProto graph = model.getGraph();
    Set<String> weights = new HashSet<>();
    graph.getInitializerList().forEach(weight -> weights.add(weight.getName()));
    List<ValueInfoProto> inputs =
        graph.getInputList().stream().filter(i -> !weights.contains(i.getName())).toList();
    if (inputs.size() != 1) {
      throw BadInputException.of(
          "The graph has %d inputs, %s, and a bundle gives it one, the images: export it with the"
              + " others fixed.",
          inputs.size(), inputs.stream().map(ValueInfoProto::getName).toList());
    }
    InputAdapter adapter = new InputAdapter(inputs.get(0));
    if (adapter.sizes.size() != 4) {
      throw BadInputException.of(
          "The input %s has %d sizes, and a batch of images has 4: only networks on images are served.",
          adapter.declared.getName(), adapter.sizes.size());
    }
    if (!Set.of(DataType.FLOAT, DataType.FLOAT16, DataType.UINT8)
        .contains(DataType.forNumber(adapter.type))) {
      throw BadInputException.of(
          "The input %s is of type %s; float, float16 and uint8 are served.",
          adapter.declared.getName(), DataType.forNumber(adapter.type));
    }
    return adapter;
  }

  boolean takesPixels() {
    return type == DataType.UINT8.getNumber();
  }

  boolean channelsLast() {
    return !isChannels(1) && isChannels(3);
  }

  boolean grey() {
    return size(channelsLast() ? 3 : 1) == 1;
  }

  /** The batch that the graph is fixed at; 0 where it is free. */
  long fixedBatch() {
    return size(0);
  }

  /** The rows that the graph is fixed at; 0 where they are free. */
  long height() {
    return size(channelsLast() ? 1 : 2);
  }

  /** The columns that the graph is fixed at; 0 where they are free. */
  long width() {
    return size(channelsLast() ? 2 : 3);
  }

  private boolean isChannels(int axis) {
    return size(axis) == 1 || size(axis) == 3;
  }

  private long size(int axis) {
    return sizes.get(axis).hasDimValue() ? Math.max(0, sizes.get(axis).getDimValue()) : 0;
  }

  /**
   * The graph with images in front.
   *
   * @param bgr whether the network takes blue before green and red
   */
  ModelProto adapted(ModelProto model, int height, int width, boolean bgr) {
    Edit edit = new Edit(model);
    String name = declared.getName();
    boolean asItIs = type == DataType.FLOAT.getNumber() && !bgr && !grey() && !channelsLast();
    String images = asItIs ? name : edit.free(StageModel.IMAGES);
    TensorSpec spec =
        new TensorSpec(images, ElementType.FLOAT, List.of(-1L, 3L, (long) height, (long) width));
    List<ValueInfoProto> inputs = new ArrayList<>(List.of(OnnxGraph.valueInfo(spec)));
    edit.graph().getInputList().stream()
        .filter(input -> !input.getName().equals(name))
        .forEach(inputs::add);
    edit.graph().clearInput().addAllInput(inputs);
    if (!asItIs) {
      front(edit, images, bgr);
    }
    if (fixedBatch() > 0) {
      freeBatch(edit, fixedBatch());
    }
    return edit.model();
  }

  private void front(Edit edit, String images, boolean bgr) {
    String value = images;
    if (grey()) {
      String weights = edit.floats("grey_weights", GREY, 1, 3, 1, 1);
      value = edit.node("Conv", "grey", List.of(value, weights));
    } else if (bgr) {
      String order = edit.integers("bgr_order", 2, 1, 0);
      value = edit.node("Gather", "bgr", List.of(value, order), attribute("axis", 1));
    }
    if (takesPixels()) {
      // A cast cuts off, and a pixel of 254.99998 is one of 255.
      String half = edit.floats("half", new float[] {0.5f});
      String rounded = edit.node("Add", "rounded", List.of(value, half));
      value = edit.node("Cast", "pixels", List.of(rounded), attribute("to", type));
    } else if (type == DataType.FLOAT16.getNumber()) {
      value = edit.node("Cast", "half_floats", List.of(value), attribute("to", type));
    }
    String name = declared.getName();
    edit.insert(
        channelsLast()
            ? Edit.named(
                "Transpose", name, List.of(value), attribute("perm", List.of(0L, 2L, 3L, 1L)))
            : Edit.named("Identity", name, List.of(value)));
  }

  /**
   * Frees the batch: a Reshape to a constant shape that begins with the fixed batch takes over the
   * batch of what it reads. Whether the graph then computes the same is found out by running it.
   */
  private static void freeBatch(Edit edit, long batch) {
    GraphProto.Builder graph = edit.graph();
    for (int n = 0; n < graph.getNodeCount(); n++) {
      NodeProto node = graph.getNode(n);
      if (!node.getOpType().equals("Reshape") || Operators.integer(node, "allowzero", 0) != 0) {
        continue;
      }
      long[] shape = constant(graph, node.getInput(1));
      if (shape != null && shape.length > 0 && shape[0] == batch) {
        shape[0] = 0;
        String freed = edit.integers(node.getInput(1) + "_any_batch", shape);
        graph.getNodeBuilder(n).setInput(1, freed);
      }
    }
  }

  private static long[] constant(GraphProto.Builder graph, String name) {
    for (TensorProto weight : graph.getInitializerList()) {
      if (weight.getName().equals(name)) {
        return integers(weight);
      }
    }
    for (NodeProto node : graph.getNodeList()) {
      if (node.getOpType().equals("Constant") && node.getOutput(0).equals(name)) {
        return node.getAttribute(0).hasT() ? integers(node.getAttribute(0).getT()) : null;
      }
    }
    return null;
  }

  private static long[] integers(TensorProto tensor) {
    if (tensor.getDataType() != DataType.INT64.getNumber()) {
      return null;
    }
    if (tensor.getInt64DataCount() > 0) {
      return tensor.getInt64DataList().stream().mapToLong(Long::longValue).toArray();
    }
    ByteBuffer bytes = tensor.getRawData().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    long[] values = new long[bytes.remaining() / Long.BYTES];
    bytes.asLongBuffer().get(values);
    return values;
  }
}
