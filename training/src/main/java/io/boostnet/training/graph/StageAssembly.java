package io.boostnet.training.graph;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import io.boostnet.schema.TensorSpec;
import io.boostnet.training.bundle.onnx.OnnxGraph;
import io.boostnet.training.bundle.onnx.StageModel;
import io.boostnet.training.graph.StageSplit.Part;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Writes one stage as a model of its own, in the operator set of the graph it is cut from. What
 * depends on the size of the batch alone is worked out anew from the stage's own input. Used by one
 * thread, once.
 */
final class StageAssembly {

  private final Graph graph;
  private final Part part;
  private final Set<String> present = new HashSet<>();
  private final Map<String, TensorProto> weights = new LinkedHashMap<>();
  private final List<NodeProto> nodes = new ArrayList<>();

  StageAssembly(Graph graph, Part part) {
    this.graph = graph;
    this.part = part;
  }

  StageModel model() {
    List<TensorSpec> inputs = new ArrayList<>();
    for (String input : part.inputs()) {
      inputs.add(graph.value(input).spec(input));
      present.add(input);
    }
    Map<String, String> laidOut = layOut();
    for (int n : part.nodes()) {
      NodeProto.Builder node = graph.nodes().get(n).toBuilder();
      for (int i = 0; i < node.getInputCount(); i++) {
        provide(node.getInput(i));
        node.setInput(i, laidOut.getOrDefault(node.getInput(i), node.getInput(i)));
      }
      nodes.add(node.build());
      present.addAll(node.getOutputList());
    }
    List<TensorSpec> outputs = new ArrayList<>();
    for (String value : part.carried()) {
      boolean passed = part.inputs().contains(value);
      outputs.add(graph.value(value).spec(passed ? renamed(value, value + "_on") : value));
    }
    outputs.add(graph.value(part.exit()).spec(logits()));
    return new StageModel(inputs, outputs, bytes(inputs, outputs));
  }

  /**
   * A map that comes in and is added to a convolution: a pooling over single pixels, which changes
   * nothing, gives it the layout that ONNX Runtime's convolutions work in, so that the sum is done
   * within the convolution as in the whole network. Without, the sum is rounded apart, and the
   * logits differ in their last bits.
   *
   * @return the other name of each such input
   */
  private Map<String, String> layOut() {
    Map<String, String> names = new HashMap<>();
    for (String input : part.inputs()) {
      boolean added =
          part.nodes().stream()
              .map(n -> graph.nodes().get(n))
              .anyMatch(n -> n.getOpType().equals("Add") && n.getInputList().contains(input));
      if (added && graph.value(input).shape().length == 4) {
        String name = free(input + "_laid_out");
        nodes.add(
            node("MaxPool", name, input).toBuilder()
                .addAttribute(OnnxGraph.attribute("kernel_shape", List.of(1L, 1L)))
                .build());
        names.put(input, name);
      }
    }
    return names;
  }

  private String logits() {
    if (part.inputs().contains(part.exit())
        || (!part.exit().equals(StageModel.LOGITS) && !present.contains(StageModel.LOGITS))) {
      return renamed(part.exit(), StageModel.LOGITS);
    }
    return part.exit();
  }

  /** A value under another name, a free one. */
  private String renamed(String value, String wanted) {
    String name = free(wanted);
    nodes.add(node("Identity", name, value));
    return name;
  }

  private String free(String wanted) {
    String name = wanted;
    while (!present.add(name)) {
      name += "_";
    }
    return name;
  }

  /** Makes what a node reads available: a weight, a constant, or a size. */
  private void provide(String name) {
    if (name.isEmpty() || present.contains(name)) {
      return;
    }
    TensorProto weight = graph.weight(name);
    Graph.Sizes sizes = graph.sizes(name);
    if (weight != null) {
      weights.put(name, weight);
    } else if (sizes != null) {
      provide(name, sizes);
    } else {
      Integer maker = graph.maker(name);
      if (maker == null || graph.computes(graph.nodes().get(maker))) {
        throw new IllegalStateException(name + " is made by none of the stage's nodes");
      }
      NodeProto node = graph.nodes().get(maker);
      node.getInputList().forEach(this::provide);
      nodes.add(node);
      present.addAll(node.getOutputList());
    }
    present.add(name);
  }

  private void provide(String name, Graph.Sizes sizes) {
    if (Arrays.equals(sizes.atBatch(), sizes.atOtherBatch())) {
      weights.put(name, constant(name, sizes.type(), sizes.atBatch(), sizes.shape()));
      return;
    }
    String batch = batch();
    List<String> elements = new ArrayList<>();
    for (int i = 0; i < sizes.atBatch().length; i++) {
      long factor = sizes.atOtherBatch()[i] - sizes.atBatch()[i];
      long fixed = sizes.atBatch()[i] - factor * GraphProbe.BATCH;
      String element = batch;
      if (factor == 0) {
        element = integers(name + "_" + i, fixed);
      } else {
        if (factor != 1) {
          element =
              added(node("Mul", free(name + "_" + i), element, integers(name + "_f" + i, factor)));
        }
        if (fixed != 0) {
          element =
              added(node("Add", free(name + "_p" + i), element, integers(name + "_o" + i, fixed)));
        }
      }
      elements.add(element);
    }
    String flat = elements.get(0);
    if (elements.size() > 1) {
      flat =
          added(
              node("Concat", free(name + "_flat"), elements.toArray(String[]::new)).toBuilder()
                  .addAttribute(OnnxGraph.attribute("axis", 0))
                  .build());
    }
    String shape = integers(name + "_shape", sizes.shape());
    boolean cast = sizes.type() != DataType.INT64.getNumber();
    String shaped = cast ? free(name + "_long") : name;
    nodes.add(node("Reshape", shaped, flat, shape));
    if (cast) {
      nodes.add(
          node("Cast", name, shaped).toBuilder()
              .addAttribute(OnnxGraph.attribute("to", sizes.type()))
              .build());
    }
  }

  /** The size of the batch as a vector of one element. */
  private String batch() {
    String name = "boostnet_batch";
    if (!present.contains(name)) {
      String sizes = added(node("Shape", free("boostnet_sizes"), part.inputs().get(0)));
      nodes.add(node("Gather", name, sizes, integers("boostnet_first", 0)));
      present.add(name);
    }
    return name;
  }

  private String integers(String wanted, long... values) {
    String name = free(wanted);
    weights.put(
        name, constant(name, DataType.INT64.getNumber(), values, new long[] {values.length}));
    return name;
  }

  private static TensorProto constant(String name, int type, long[] values, long[] shape) {
    TensorProto.Builder tensor = TensorProto.newBuilder().setName(name).setDataType(type);
    Arrays.stream(shape).forEach(tensor::addDims);
    for (long value : values) {
      if (type == DataType.INT64.getNumber()) {
        tensor.addInt64Data(value);
      } else {
        tensor.addInt32Data(Math.toIntExact(value));
      }
    }
    return tensor.build();
  }

  private String added(NodeProto node) {
    nodes.add(node);
    return node.getOutput(0);
  }

  private static NodeProto node(String operator, String output, String... inputs) {
    return NodeProto.newBuilder()
        .setOpType(operator)
        .setName(operator + "_" + output)
        .addAllInput(List.of(inputs))
        .addOutput(output)
        .build();
  }

  private byte[] bytes(List<TensorSpec> inputs, List<TensorSpec> outputs) {
    GraphProto.Builder stage =
        GraphProto.newBuilder()
            .setName(graph.model().getGraph().getName() + " up to " + part.exit())
            .addAllNode(nodes)
            .addAllInitializer(weights.values());
    inputs.forEach(input -> stage.addInput(OnnxGraph.valueInfo(input)));
    outputs.forEach(output -> stage.addOutput(OnnxGraph.valueInfo(output)));
    return ModelProto.newBuilder(graph.model())
        .clearGraph()
        .clearMetadataProps()
        .clearTrainingInfo()
        .setGraph(stage)
        .build()
        .toByteArray();
  }

  /** Elements of the weights of this stage that are not in {@code counted}, which grows. */
  long countParameters(Set<String> counted) {
    long sum = 0;
    for (TensorProto weight : weights.values()) {
      if (isParameter(weight) && counted.add(weight.getName())) {
        sum += elements(weight);
      }
    }
    for (NodeProto node : nodes) {
      if (node.getOpType().equals("Constant") && counted.add(node.getOutput(0))) {
        sum +=
            node.getAttributeList().stream()
                .filter(attribute -> attribute.hasT() && isParameter(attribute.getT()))
                .mapToLong(attribute -> elements(attribute.getT()))
                .sum();
      }
    }
    return sum;
  }

  private static boolean isParameter(TensorProto weight) {
    return weight.getDataType() != DataType.INT64.getNumber()
        && weight.getDataType() != DataType.BOOL.getNumber();
  }

  private static long elements(TensorProto weight) {
    return weight.getDimsList().stream().reduce(1L, (a, b) -> a * b);
  }
}
