package io.boostnet.training.graph;

import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * The values that have to be handed over at a cut: the fewest bytes from which all that is needed
 * after it can be had, when views (concatenations, reshapes, casts, ...) may be run again on the
 * other side. Of equally small sets the one with the fewest values.
 *
 * <p>A minimum vertex cut (Ford and Fulkerson): every value is an edge as wide as it is large, a
 * view joins what it reads with what it makes, and whatever cannot be had by views comes from the
 * source.
 */
final class Crossing {

  private static final long UNLIMITED = Long.MAX_VALUE / 4;
  private static final int SOURCE = 0;
  private static final int SINK = 1;

  private final Graph graph;
  private final ToLongFunction<String> bytes;
  private final Map<String, Integer> vertices = new LinkedHashMap<>();
  private final List<Map<Integer, Long>> capacity = new ArrayList<>();

  private Crossing(Graph graph, ToLongFunction<String> bytes) {
    this.graph = graph;
    this.bytes = bytes;
    capacity.add(new HashMap<>());
    capacity.add(new HashMap<>());
  }

  /**
   * The smallest set of values.
   *
   * @param needed values that are read after the cut, all made before it
   * @param bytes size of a value; negative for one that cannot be handed over
   * @return the values in the order of their making; null where there is no such set
   */
  static List<String> smallest(
      Graph graph, Collection<String> needed, ToLongFunction<String> bytes) {
    Crossing crossing = new Crossing(graph, bytes);
    for (String value : needed) {
      crossing.join(crossing.vertex(value) + 1, SINK, UNLIMITED);
    }
    return crossing.cut();
  }

  /**
   * Adds a value and all it can be had from by views; returns its inner vertex, the outer is next.
   */
  private int vertex(String name) {
    Integer known = vertices.get(name);
    if (known != null) {
      return known;
    }
    int inner = capacity.size();
    vertices.put(name, inner);
    capacity.add(new HashMap<>());
    capacity.add(new HashMap<>());
    long size = bytes.applyAsLong(name);
    join(inner, inner + 1, size < 0 ? UNLIMITED : size * 1024 + 1);
    Integer maker = graph.maker(name);
    NodeProto node = maker == null ? null : graph.nodes().get(maker);
    if (node != null && Operators.isView(node)) {
      for (String read : graph.dataInputs(node)) {
        join(vertex(read) + 1, inner, UNLIMITED);
      }
    } else {
      join(SOURCE, inner, UNLIMITED);
    }
    return inner;
  }

  private void join(int from, int to, long width) {
    capacity.get(from).merge(to, width, Long::sum);
    capacity.get(to).putIfAbsent(from, 0L);
  }

  private List<String> cut() {
    long flow = 0;
    int[] from = search();
    while (from[SINK] >= 0) {
      long width = UNLIMITED;
      for (int v = SINK; v != SOURCE; v = from[v]) {
        width = Math.min(width, capacity.get(from[v]).get(v));
      }
      for (int v = SINK; v != SOURCE; v = from[v]) {
        capacity.get(from[v]).merge(v, -width, Long::sum);
        capacity.get(v).merge(from[v], width, Long::sum);
      }
      flow += width;
      if (flow >= UNLIMITED) {
        return null;
      }
      from = search();
    }
    List<String> crossing = new ArrayList<>();
    for (Map.Entry<String, Integer> value : vertices.entrySet()) {
      if (from[value.getValue()] >= 0 && from[value.getValue() + 1] < 0) {
        crossing.add(value.getKey());
      }
    }
    crossing.sort(
        (a, b) -> {
          int order = Integer.compare(position(a), position(b));
          return order != 0 ? order : a.compareTo(b);
        });
    return crossing;
  }

  private int position(String value) {
    Integer maker = graph.maker(value);
    return maker == null ? -1 : maker;
  }

  /** For every vertex that can be reached, where it was reached from; -1 for the others. */
  private int[] search() {
    int[] from = new int[capacity.size()];
    Arrays.fill(from, -1);
    from[SOURCE] = SOURCE;
    Deque<Integer> open = new ArrayDeque<>(List.of(SOURCE));
    while (!open.isEmpty()) {
      int v = open.poll();
      for (Map.Entry<Integer, Long> edge : capacity.get(v).entrySet()) {
        if (edge.getValue() > 0 && from[edge.getKey()] < 0) {
          from[edge.getKey()] = v;
          open.add(edge.getKey());
        }
      }
    }
    return from;
  }
}
