package io.boostnet.training.graph;

import static io.boostnet.training.bundle.onnx.OnnxGraph.attribute;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import io.boostnet.training.input.BadInputException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Finds the exits of a graph and makes each a value of logits, {@code [batch, classes]} floats. A
 * softmax or sigmoid inside is left out, so that the confidence is not made of a softmax of a
 * softmax.
 */
final class ExitAdapter {

  private static final Set<Integer> FLOATS =
      Set.of(DataType.FLOAT.getNumber(), DataType.FLOAT16.getNumber(), DataType.DOUBLE.getNumber());
  private static final double SUM_TOLERANCE = 5e-3;

  private final Graph graph;
  private final Sample images;
  private final List<String> notes;

  /**
   * @param notes receives what was done, for people
   */
  ExitAdapter(Graph graph, Sample images, List<String> notes) {
    this.graph = graph;
    this.images = images;
    this.notes = notes;
  }

  /**
   * The outputs of the graph that can be logits; the one there is, where there is one.
   *
   * @param classes their length; 0 where it is not known
   */
  String onlyExit(int classes) {
    List<String> outputs =
        graph.model().getGraph().getOutputList().stream().map(ValueInfoProto::getName).toList();
    List<String> candidates =
        outputs.stream()
            .filter(name -> isLogits(name) && (classes == 0 || classes(name) == classes))
            .toList();
    if (candidates.size() == 1) {
      return candidates.get(0);
    }
    String found = outputs.stream().map(this::described).collect(Collectors.joining("; "));
    String wanted = classes == 0 ? "logits" : "logits of " + classes + " classes";
    throw candidates.isEmpty()
        ? BadInputException.of(
            "None of the graph's outputs can be %s, a row of floats for every image: %s. Give labels"
                + " that fit, or export the network's logits.",
            wanted, found)
        : BadInputException.of(
            "%d of the graph's outputs can be %s: %s. Name the right one with --logits.",
            candidates.size(), wanted, found);
  }

  private String described(String name) {
    Value value = graph.value(name);
    return value == null ? name : value.toString();
  }

  private boolean isLogits(String name) {
    Value value = graph.value(name);
    return value != null
        && value.kind() == Value.Kind.DATA
        && FLOATS.contains(value.type())
        && value.shape().length >= 2
        && value.hasRows()
        && value.rowElements() >= 2
        && value.rowShape().stream().filter(size -> size > 1).count() == 1;
  }

  int classes(String name) {
    return Math.toIntExact(graph.value(name).rowElements());
  }

  /**
   * The graph with canonical exits added, as its only outputs.
   *
   * @param exits values of the graph, any that could be logits
   * @return the model and the names of the logits in it
   */
  Logits adapted(List<String> exits) {
    for (String exit : exits) {
      if (graph.value(exit) == null) {
        throw BadInputException.of(
            "The graph has no value %s; its outputs are %s.",
            exit,
            graph.model().getGraph().getOutputList().stream()
                .map(ValueInfoProto::getName)
                .toList());
      }
      if (!isLogits(exit) || classes(exit) != classes(exits.get(0))) {
        throw BadInputException.of(
            "%s is no exit: every exit has a row of logits for every image, as many as the first, %s.",
            graph.value(exit), graph.value(exits.get(0)));
      }
    }
    Map<String, float[]> seen = GraphProbe.floats(graph.model(), graph.input(), images, exits);
    Edit edit = new Edit(graph.model());
    List<String> logits = new ArrayList<>();
    for (String exit : exits) {
      logits.add(canonical(edit, exit, seen.get(exit)));
    }
    return new Logits(edit.model(), logits);
  }

  /** A model, and the values of its logits. */
  record Logits(ModelProto model, List<String> exits) {}

  private String canonical(Edit edit, String exit, float[] values) {
    String value = exit;
    boolean log = false;
    boolean probabilities = areProbabilities(values, classes(exit));
    NodeProto last = maker(exit);
    if (probabilities || (last != null && last.getOpType().equals("Sigmoid"))) {
      if (last != null && Set.of("Softmax", "Sigmoid").contains(last.getOpType())) {
        value = last.getInput(0);
        notes.add(exit + ": the " + last.getOpType() + " at its end is left out");
      } else {
        log = true;
        notes.add(exit + ": holds probabilities; their logarithm is served");
      }
    }
    Value known = graph.value(value);
    if (known.type() != DataType.FLOAT.getNumber()) {
      value =
          edit.node(
              "Cast",
              exit + "_floats",
              List.of(value),
              attribute("to", DataType.FLOAT.getNumber()));
    }
    if (known.shape().length != 2) {
      value = edit.node("Flatten", exit + "_flat", List.of(value), attribute("axis", 1));
    }
    if (log) {
      String least = edit.floats(exit + "_least", new float[] {1e-30f});
      String above = edit.node("Max", exit + "_above", List.of(value, least));
      value = edit.node("Log", exit + "_log", List.of(above));
    }
    return value;
  }

  /** The node that makes a value, behind what only renames it. */
  private NodeProto maker(String value) {
    Integer maker = graph.maker(value);
    NodeProto node = maker == null ? null : graph.nodes().get(maker);
    return node != null && Operators.isView(node) && graph.dataInputs(node).size() == 1
        ? maker(node.getInput(0))
        : node;
  }

  private static boolean areProbabilities(float[] values, int classes) {
    for (int row = 0; row < values.length; row += classes) {
      double sum = 0;
      for (int c = row; c < row + classes; c++) {
        if (values[c] < 0) {
          return false;
        }
        sum += values[c];
      }
      if (Math.abs(sum - 1) > SUM_TOLERANCE) {
        return false;
      }
    }
    return true;
  }
}
