package io.boostnet.training.graph;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A graph that is being changed: nodes and weights are added under names that are free. What is
 * added has the same meaning in every operator set from 9 on. Used by one thread, once.
 */
public final class Edit {

  private final ModelProto.Builder model;
  private final GraphProto.Builder graph;
  private final Set<String> names = new HashSet<>();

  /** Begins with a copy of a model. */
  public Edit(ModelProto model) {
    this.model = model.toBuilder();
    this.graph = this.model.getGraphBuilder();
    graph.getInputList().forEach(input -> names.add(input.getName()));
    graph.getInitializerList().forEach(weight -> names.add(weight.getName()));
    graph.getNodeList().forEach(node -> names.addAll(node.getOutputList()));
  }

  GraphProto.Builder graph() {
    return graph;
  }

  /** A name like the wanted one that nothing has yet; taken from now on. */
  public String free(String wanted) {
    String name = wanted;
    while (!names.add(name)) {
      name += "_";
    }
    return name;
  }

  /** Adds a node with one output of a free name like {@code wanted}; returns that name. */
  public String node(
      String operator, String wanted, List<String> inputs, AttributeProto... attributes) {
    String output = free(wanted);
    insert(named(operator, output, inputs, attributes));
    return output;
  }

  /**
   * Adds a node right behind what it reads, so that the order of the graph still tells its parts.
   */
  void insert(NodeProto node) {
    int place = 0;
    for (int n = 0; n < graph.getNodeCount(); n++) {
      if (!Collections.disjoint(graph.getNode(n).getOutputList(), node.getInputList())) {
        place = n + 1;
      }
    }
    graph.addNode(place, node);
  }

  static NodeProto named(
      String operator, String output, List<String> inputs, AttributeProto... attributes) {
    return NodeProto.newBuilder()
        .setOpType(operator)
        .setName(operator + "_" + output)
        .addAllInput(inputs)
        .addOutput(output)
        .addAllAttribute(List.of(attributes))
        .build();
  }

  /** Adds a weight of 32-bit floats under a free name. */
  public String floats(String wanted, float[] values, long... shape) {
    String name = free(wanted);
    TensorProto.Builder tensor =
        TensorProto.newBuilder().setName(name).setDataType(DataType.FLOAT.getNumber());
    for (long size : shape) {
      tensor.addDims(size);
    }
    for (float value : values) {
      tensor.addFloatData(value);
    }
    graph.addInitializer(tensor);
    return name;
  }

  /** Adds a weight of whole numbers under a free name. */
  public String integers(String wanted, long... values) {
    String name = free(wanted);
    TensorProto.Builder tensor =
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(DataType.INT64.getNumber())
            .addDims(values.length);
    for (long value : values) {
      tensor.addInt64Data(value);
    }
    graph.addInitializer(tensor);
    return name;
  }

  /** Adds a weight under a free name that begins with {@code prefix}. */
  public String weight(String prefix, TensorProto weight) {
    String name = free(prefix + weight.getName());
    graph.addInitializer(weight.toBuilder().setName(name));
    return name;
  }

  /** The changed model with these values as its only outputs. */
  public ModelProto modelWithOutputs(List<String> values) {
    ModelProto.Builder other = model().toBuilder();
    other.getGraphBuilder().clearOutput();
    return GraphProbe.withOutputs(other.build(), values);
  }

  /** The changed model. What it stated of the shapes of values inside is dropped. */
  public ModelProto model() {
    graph.clearValueInfo();
    return model.build();
  }
}
