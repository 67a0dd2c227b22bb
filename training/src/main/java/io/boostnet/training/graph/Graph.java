package io.boostnet.training.graph;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import io.boostnet.training.graph.GraphProbe.Seen;
import io.boostnet.training.graph.Value.Kind;
import io.boostnet.training.input.BadInputException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A graph of which every value is known: what it depends on, its type and its shape. Made by
 * running it with two and with three images. Immutable.
 *
 * <p>Nodes have numbers, in an order in which they can be run.
 */
public final class Graph {

  private final ModelProto model;
  private final String input;
  private final List<NodeProto> nodes;
  private final Map<String, TensorProto> weights = new HashMap<>();
  private final Map<String, Integer> makers = new HashMap<>();
  private final Map<String, Value> values = new HashMap<>();
  private final Map<String, Sizes> sizes = new HashMap<>();

  /** Small whole numbers that depend on the batch alone, at the two batches. */
  record Sizes(int type, long[] shape, long[] atBatch, long[] atOtherBatch) {}

  private Graph(ModelProto model, String input) {
    this.model = model;
    this.input = input;
    model.getGraph().getInitializerList().forEach(w -> weights.put(w.getName(), w));
    this.nodes = ordered(model.getGraph().getNodeList());
    for (int n = 0; n < nodes.size(); n++) {
      for (String output : nodes.get(n).getOutputList()) {
        makers.put(output, n);
      }
    }
  }

  /**
   * Runs a graph and keeps what was seen.
   *
   * @param model whose only input takes {@code [images, 3, height, width]} floats
   * @param input name of that input
   * @param images at least three
   */
  public static Graph of(ModelProto model, String input, Sample images) {
    Graph graph = new Graph(model, input);
    Map<String, Seen> first = GraphProbe.look(model, input, images.range(0, GraphProbe.BATCH));
    Map<String, Seen> second =
        GraphProbe.look(model, input, images.range(0, GraphProbe.OTHER_BATCH));
    long[] image = images.shape();
    graph.values.put(
        input,
        new Value(
            input,
            Kind.DATA,
            TensorProto.DataType.FLOAT.getNumber(),
            new long[] {GraphProbe.BATCH, image[1], image[2], image[3]},
            new long[] {GraphProbe.OTHER_BATCH, image[1], image[2], image[3]}));
    for (NodeProto node : graph.nodes) {
      Kind kind = graph.kind(node);
      for (String output : node.getOutputList()) {
        Seen seen = first.get(output);
        Seen other = second.get(output);
        if (seen == null || other == null) {
          continue;
        }
        graph.values.put(output, new Value(output, kind, seen.type(), seen.shape(), other.shape()));
        if (kind == Kind.SHAPE && seen.integers() != null && other.integers() != null) {
          graph.sizes.put(
              output, new Sizes(seen.type(), seen.shape(), seen.integers(), other.integers()));
        }
      }
    }
    return graph;
  }

  private static List<NodeProto> ordered(List<NodeProto> nodes) {
    Map<String, Integer> makers = new HashMap<>();
    for (int n = 0; n < nodes.size(); n++) {
      for (String output : nodes.get(n).getOutputList()) {
        makers.put(output, n);
      }
    }
    // ONNX asks for this order already; not all exporters keep it.
    List<NodeProto> ordered = new ArrayList<>();
    BitSet done = new BitSet();
    Deque<Integer> open = new ArrayDeque<>();
    // A node is looked at once for each of its readers, and once more when its inputs are there.
    long visits = 2L * nodes.size() + 2L * nodes.stream().mapToLong(NodeProto::getInputCount).sum();
    for (int n = 0; n < nodes.size(); n++) {
      open.push(n);
      while (!open.isEmpty()) {
        if (visits-- < 0) {
          throw BadInputException.of("The graph has a cycle: export the network again.");
        }
        int next = open.peek();
        List<Integer> missing =
            nodes.get(next).getInputList().stream()
                .map(makers::get)
                .filter(maker -> maker != null && !done.get(maker))
                .toList();
        if (missing.isEmpty()) {
          open.pop();
          if (!done.get(next)) {
            done.set(next);
            ordered.add(nodes.get(next));
          }
        } else {
          missing.forEach(open::push);
        }
      }
    }
    return List.copyOf(ordered);
  }

  private Kind kind(NodeProto node) {
    Kind kind = Kind.CONSTANT;
    for (String name : node.getInputList()) {
      Value value = values.get(name);
      if (value != null && value.kind().compareTo(kind) > 0) {
        kind = value.kind();
      }
    }
    return kind == Kind.DATA && Operators.isShape(node) ? Kind.SHAPE : kind;
  }

  /** The model, as it was given. */
  public ModelProto model() {
    return model;
  }

  /** Name of the image batch. */
  public String input() {
    return input;
  }

  /** Element type of a value that a node makes, as a number of ONNX's. */
  public int type(String value) {
    return values.get(value).type();
  }

  List<NodeProto> nodes() {
    return nodes;
  }

  /** The node that makes a value; null for the image batch and for weights. */
  Integer maker(String value) {
    return makers.get(value);
  }

  /** What is known of a value that a node makes or of the image batch; null for a weight. */
  Value value(String name) {
    return values.get(name);
  }

  /** A weight, or null. */
  TensorProto weight(String name) {
    return weights.get(name);
  }

  /** Sizes that depend on the batch alone, or null. */
  Sizes sizes(String name) {
    return sizes.get(name);
  }

  boolean isData(String name) {
    Value value = values.get(name);
    return value != null && value.kind() == Kind.DATA;
  }

  /** Values of images that a node reads, each once. */
  List<String> dataInputs(NodeProto node) {
    return node.getInputList().stream().filter(this::isData).distinct().toList();
  }

  /** Whether a node computes on images: others are run wherever their result is needed. */
  boolean computes(NodeProto node) {
    return node.getOutputList().stream().anyMatch(this::isData);
  }

  /** Numbers of the nodes on images that a value is computed of, all of them. */
  BitSet ancestors(String value) {
    BitSet found = new BitSet();
    Deque<String> open = new ArrayDeque<>(List.of(value));
    while (!open.isEmpty()) {
      Integer maker = makers.get(open.pop());
      if (maker != null && computes(nodes.get(maker)) && !found.get(maker)) {
        found.set(maker);
        open.addAll(dataInputs(nodes.get(maker)));
      }
    }
    return found;
  }
}
