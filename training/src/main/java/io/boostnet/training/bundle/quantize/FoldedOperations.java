package io.boostnet.training.bundle.quantize;

import static io.boostnet.training.bundle.onnx.OnnxGraph.attribute;

import io.boostnet.training.bundle.onnx.OnnxGraph;
import io.boostnet.training.bundle.onnx.Operations;
import io.boostnet.training.bundle.quantize.Packed.Layout;
import io.boostnet.training.network.FeatureShape;
import io.boostnet.training.network.Node;
import java.util.List;

/** What is done on plain maps of 32-bit floats, and the ways there and back. */
final class FoldedOperations {

  private final OnnxGraph graph;

  FoldedOperations(OnnxGraph graph) {
    this.graph = graph;
  }

  /** These channels in this order on a plain map. */
  Packed unfolded(String name, Packed tensor, List<Channel> channels) {
    Packed ordered =
        Packed.of(
            name + "_ordered",
            new FeatureShape(channels.size(), tensor.height(), tensor.width()),
            tensor.fold(),
            channels,
            0,
            Layout.FLOATS_CHANNELS_FIRST);
    String from = tensor.name();
    if (!ordered.slots().equals(tensor.slots())) {
      long[] order =
          ordered.slots().stream().mapToLong(slot -> tensor.slots().indexOf(slot)).toArray();
      graph.node(
          "Gather",
          ordered.name(),
          List.of(from, graph.integers(name + "_order", order)),
          attribute("axis", 1));
      from = ordered.name();
    }
    Fold fold = tensor.fold();
    if (!fold.equals(Fold.NONE)) {
      from =
          rearranged(
              name + "_plain",
              from,
              new long[] {
                0, fold.rows(), fold.columns(), channels.size(), tensor.rows(), tensor.columns()
              },
              List.of(0L, 3L, 4L, 1L, 5L, 2L),
              new long[] {0, channels.size(), tensor.height(), tensor.width()});
    }
    return Packed.of(
        from,
        new FeatureShape(channels.size(), tensor.height(), tensor.width()),
        Fold.NONE,
        channels,
        0,
        Layout.FLOATS_CHANNELS_FIRST);
  }

  /** A plain map folded. */
  Packed folded(String name, String plain, FeatureShape map, Fold fold, List<Channel> channels) {
    String folded = plain;
    if (!fold.equals(Fold.NONE)) {
      long rows = map.height() / fold.rows();
      long columns = map.width() / fold.columns();
      folded =
          rearranged(
              name,
              plain,
              new long[] {0, channels.size(), rows, fold.rows(), columns, fold.columns()},
              List.of(0L, 3L, 5L, 1L, 2L, 4L),
              new long[] {0, (long) channels.size() * fold.pixels(), rows, columns});
    }
    return Packed.of(folded, map, fold, channels, 0, Layout.FLOATS_CHANNELS_FIRST);
  }

  String resize(String name, Packed from, FeatureShape to) {
    return Operations.resize(
        graph, name, from.name(), from.height(), from.width(), to.height(), to.width());
  }

  String maxPool(String name, Packed from, Node.MaxPool pool) {
    return graph.node(
        "MaxPool",
        name,
        List.of(from.name()),
        Operations.window(pool.kernel(), pool.stride(), pool.padding()));
  }

  private String rearranged(String name, String from, long[] cut, List<Long> order, long[] joined) {
    graph.node("Reshape", name + "_cut", List.of(from, graph.integers(name + "_sizes_cut", cut)));
    graph.node("Transpose", name + "_turned", List.of(name + "_cut"), attribute("perm", order));
    return graph.node(
        "Reshape", name, List.of(name + "_turned", graph.integers(name + "_sizes", joined)));
  }
}
