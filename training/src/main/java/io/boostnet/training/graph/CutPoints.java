package io.boostnet.training.graph;

import ai.onnx.proto.OnnxMl.NodeProto;
import io.boostnet.training.input.BadInputException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Where a network can be cut: values that everything behind them is computed from, so that they are
 * all that a stage has to hand on.
 *
 * @param points from the images to the logits
 * @param macs multiply-accumulate operations of the whole network for one image
 */
public record CutPoints(List<CutPoint> points, long macs) {

  /** Values of which the shares of the operations differ by less are one place. */
  private static final double SAME_PLACE = 0.004;

  /**
   * A place to cut.
   *
   * @param tensor name of the value
   * @param shape its sizes for one image
   * @param bytes its size for one image
   * @param share of the network's multiply-accumulate operations that are behind it, 0..1
   */
  public record CutPoint(String tensor, List<Long> shape, long bytes, double share) {}

  /** Finds the places; of those between the same layers the one that hands on least. */
  public static CutPoints of(Graph graph, String exit) {
    BitSet alive = graph.ancestors(exit);
    long all = macs(graph, alive);
    List<CutPoint> found = new ArrayList<>();
    for (int n = alive.nextSetBit(0); n >= 0; n = alive.nextSetBit(n + 1)) {
      for (String output : graph.nodes().get(n).getOutputList()) {
        Value value = graph.value(output);
        if (value != null
            && value.isCarriable()
            && value.shape().length <= 4
            && !output.equals(exit)) {
          BitSet before = graph.ancestors(output);
          if (separates(graph, output, before, alive)) {
            double share = (double) macs(graph, before) / Math.max(1, all);
            found.add(new CutPoint(output, value.rowShape(), value.rowBytes(), share));
          }
        }
      }
    }
    found.sort(Comparator.comparingDouble(CutPoint::share));
    return new CutPoints(thinned(found), all);
  }

  private static boolean separates(Graph graph, String value, BitSet before, BitSet alive) {
    Set<String> made = new HashSet<>(List.of(graph.input()));
    before.stream().forEach(n -> made.addAll(graph.nodes().get(n).getOutputList()));
    made.remove(value);
    for (int n = alive.nextSetBit(0); n >= 0; n = alive.nextSetBit(n + 1)) {
      if (!before.get(n)
          && graph.dataInputs(graph.nodes().get(n)).stream().anyMatch(made::contains)) {
        return false;
      }
    }
    return true;
  }

  private static List<CutPoint> thinned(List<CutPoint> sorted) {
    List<CutPoint> points = new ArrayList<>();
    for (CutPoint point : sorted) {
      CutPoint last = points.isEmpty() ? null : points.get(points.size() - 1);
      if (point.share() <= 0 || point.share() >= 1 - SAME_PLACE) {
        continue;
      }
      if (last == null || point.share() - last.share() > SAME_PLACE) {
        points.add(point);
      } else if (point.bytes() <= last.bytes()) {
        points.set(points.size() - 1, point);
      }
    }
    return List.copyOf(points);
  }

  private static long macs(Graph graph, BitSet nodes) {
    return nodes.stream().mapToLong(n -> Macs.of(graph.nodes().get(n), graph)).sum();
  }

  /** Operators that compute much and are not counted, as far as the graph has them. */
  public static List<String> uncounted(Graph graph) {
    return graph.nodes().stream()
        .filter(Macs::isUncounted)
        .map(NodeProto::getOpType)
        .distinct()
        .toList();
  }

  /**
   * The places nearest to shares of the operations; of two that are about as near the one that
   * hands on less.
   *
   * @param shares growing, between 0 and 1
   * @throws BadInputException where there are not so many places
   */
  public List<CutPoint> at(List<Double> shares) {
    long largest = points.stream().mapToLong(CutPoint::bytes).max().orElse(1);
    List<CutPoint> chosen = new ArrayList<>();
    for (double share : shares) {
      if (!(share > 0 && share < 1)) {
        throw BadInputException.of(
            "--at has %s; it takes shares of the operations, between 0 and 1.", share);
      }
      double after = chosen.isEmpty() ? 0 : chosen.get(chosen.size() - 1).share();
      chosen.add(
          points.stream()
              .filter(point -> point.share() > after)
              .min(
                  Comparator.comparingDouble(
                      point -> Math.abs(point.share() - share) + 0.05 * point.bytes() / largest))
              .orElseThrow(
                  () ->
                      BadInputException.of(
                          "The network has %d places to cut, which are not enough for exits at %s:"
                              + " --list-cuts shows them.",
                          points.size(), shares)));
    }
    return chosen;
  }

  /**
   * The places of these names.
   *
   * @throws BadInputException where one is none, or they are not in order
   */
  public List<CutPoint> named(List<String> tensors) {
    List<CutPoint> chosen = new ArrayList<>();
    for (String tensor : tensors) {
      CutPoint point =
          points.stream()
              .filter(candidate -> candidate.tensor().equals(tensor))
              .findFirst()
              .orElseThrow(
                  () ->
                      BadInputException.of(
                          "%s is no place to cut, since more than it would have to be handed on:"
                              + " --list-cuts shows those that are.",
                          tensor));
      if (!chosen.isEmpty() && point.share() <= chosen.get(chosen.size() - 1).share()) {
        throw BadInputException.of(
            "--cut has %s behind %s in the wrong order.",
            tensor, chosen.get(chosen.size() - 1).tensor());
      }
      chosen.add(point);
    }
    return chosen;
  }
}
