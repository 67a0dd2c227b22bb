package io.boostnet.training.graph;

import ai.onnx.proto.OnnxMl.NodeProto;
import io.boostnet.training.bundle.onnx.StageModel;
import io.boostnet.training.input.BadInputException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * A graph cut at its exits. Nodes that no exit needs are gone, a weight is in the stages that read
 * it, and between two stages goes the smallest set of values that will do (see {@link Crossing}).
 *
 * @param stages one model per exit
 * @param cumulativeMacs multiply-accumulate operations for one image up to each exit, see {@link
 *     Macs}
 * @param cumulativeParameters elements of the weights up to each exit
 */
public record StageSplit(
    List<StageModel> stages, List<Long> cumulativeMacs, List<Long> cumulativeParameters) {

  /** In which stage a node runs. */
  public enum Placement {
    /** In that of the first exit that needs it: an exit costs only what it needs. */
    NEEDED,
    /**
     * In that of the exit behind it in the graph: blocks stay whole, and are counted as published.
     */
    WRITTEN
  }

  /**
   * Cuts a graph.
   *
   * @param graph whose exits are {@code [batch, classes]} floats
   * @param exits values of the logits, in their order
   * @throws BadInputException where what crosses a cut cannot be handed over
   */
  public static StageSplit at(Graph graph, List<String> exits, Placement placement) {
    return new Splitter(graph, exits, placement).split();
  }

  /**
   * What one stage does.
   *
   * @param inputs values handed to it, the logits of the exit before last, if they are read
   * @param nodes numbers of the nodes on images that it runs
   * @param carried values that it hands on, beside its logits
   * @param exit its logits
   */
  record Part(List<String> inputs, List<Integer> nodes, List<String> carried, String exit) {}

  private record Splitter(Graph graph, List<String> exits, List<BitSet> own) {

    Splitter(Graph graph, List<String> exits, Placement placement) {
      this(graph, exits, new ArrayList<>());
      BitSet alive = new BitSet();
      exits.forEach(exit -> alive.or(graph.ancestors(exit)));
      BitSet before = new BitSet();
      for (String exit : exits) {
        BitSet nodes = graph.ancestors(exit);
        if (placement == Placement.WRITTEN) {
          nodes.or(alive.get(0, nodes.length()));
        }
        nodes.andNot(before);
        before.or(nodes);
        own.add(nodes);
      }
    }

    StageSplit split() {
      List<List<String>> crossing = crossings();
      List<StageModel> stages = new ArrayList<>();
      List<Long> macs = new ArrayList<>();
      List<Long> parameters = new ArrayList<>();
      Set<String> counted = new HashSet<>();
      long macsSum = 0;
      long parametersSum = 0;
      for (int k = 0; k < exits.size(); k++) {
        List<String> inputs = k == 0 ? List.of(graph.input()) : crossing.get(k - 1);
        Part part = part(k, inputs, k < exits.size() - 1 ? crossing.get(k) : List.of());
        StageAssembly assembly = new StageAssembly(graph, part);
        stages.add(assembly.model());
        macsSum += own.get(k).stream().mapToLong(n -> Macs.of(graph.nodes().get(n), graph)).sum();
        parametersSum += assembly.countParameters(counted);
        macs.add(macsSum);
        parameters.add(parametersSum);
      }
      return new StageSplit(stages, macs, parameters);
    }

    /** What goes from each stage to the next, worked out from the last to the first. */
    private List<List<String>> crossings() {
      Deque<List<String>> crossings = new ArrayDeque<>();
      List<String> after = List.of();
      for (int k = exits.size() - 1; k > 0; k--) {
        Set<String> needed = new LinkedHashSet<>(after);
        needed.add(exits.get(k));
        BitSet nodes = own.get(k);
        nodes.stream().forEach(n -> needed.addAll(graph.dataInputs(graph.nodes().get(n))));
        needed.removeIf(value -> graph.maker(value) != null && nodes.get(graph.maker(value)));
        String logits = exits.get(k - 1);
        after = Crossing.smallest(graph, needed, value -> value.equals(logits) ? 0 : bytes(value));
        if (after == null) {
          throw cannotCross(k, needed);
        }
        after = last(after, logits);
        crossings.push(after);
      }
      return List.copyOf(crossings);
    }

    private long bytes(String name) {
      Value value = graph.value(name);
      return value.isCarriable() ? value.rowBytes() : -1;
    }

    private static List<String> last(List<String> values, String logits) {
      List<String> sorted = new ArrayList<>(values);
      if (sorted.remove(logits)) {
        sorted.add(logits);
      }
      return sorted;
    }

    private BadInputException cannotCross(int exit, Collection<String> needed) {
      List<String> culprits =
          needed.stream()
              .map(graph::value)
              .filter(value -> !value.isCarriable())
              .map(Value::toString)
              .toList();
      return BadInputException.of(
          "Between exit %d and the one after it goes %s, which has no row of floats for every image:"
              + " cut elsewhere.",
          exit, String.join(", ", culprits));
    }

    private Part part(int k, List<String> inputs, List<String> crossing) {
      List<String> carried = new ArrayList<>(crossing);
      carried.remove(exits.get(k));
      TreeSet<Integer> run = new TreeSet<>();
      Deque<String> open = new ArrayDeque<>(carried);
      open.add(exits.get(k));
      while (!open.isEmpty()) {
        String value = open.pop();
        Integer maker = graph.maker(value);
        if (inputs.contains(value) || run.contains(maker)) {
          continue;
        }
        NodeProto node = maker == null ? null : graph.nodes().get(maker);
        if (node == null || !(own.get(k).get(maker) || Operators.isView(node))) {
          throw new IllegalStateException(value + " is not handed to stage " + (k + 1));
        }
        run.add(maker);
        open.addAll(graph.dataInputs(node));
      }
      return new Part(inputs, List.copyOf(run), carried, exits.get(k));
    }
  }
}
