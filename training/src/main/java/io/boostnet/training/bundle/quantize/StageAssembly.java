package io.boostnet.training.bundle.quantize;

import static io.boostnet.training.bundle.onnx.OnnxGraph.attribute;

import io.boostnet.schema.ElementType;
import io.boostnet.schema.TensorSpec;
import io.boostnet.training.bundle.onnx.Ensemble;
import io.boostnet.training.bundle.onnx.OnnxGraph;
import io.boostnet.training.bundle.onnx.StageModel;
import io.boostnet.training.bundle.quantize.Packed.Layout;
import io.boostnet.training.network.FeatureShape;
import io.boostnet.training.network.Node;
import io.boostnet.training.network.Stage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * The model of one stage over folded tensors. A value is made when something reads it, so that a
 * stack of kernels finds all that it reads. Used by one thread, once.
 */
final class StageAssembly {

  private final Layers layers;
  private final Folding folding;
  private final Stage stage;
  private final StageWeights weights;
  private final OnnxGraph graph;
  private final Arithmetic arithmetic;
  private final FoldedOperations operations;
  private final Map<Integer, List<Kernel>> stacks;

  /** Where the channels of a value are, by the value. */
  private final Map<Integer, Packed> homes = new HashMap<>();

  /** Concatenations made so far, by what they are made of. */
  private final Map<List<Packed>, Packed> concatenations = new HashMap<>();

  private final List<TensorSpec> inputs = new ArrayList<>();
  private final List<TensorSpec> outputs = new ArrayList<>();
  private final List<Packed> border = new ArrayList<>();

  StageAssembly(
      Layers layers,
      Folding folding,
      StageWeights weights,
      Stage stage,
      Function<OnnxGraph, Arithmetic> arithmetic) {
    this.layers = layers;
    this.folding = folding;
    this.weights = weights;
    this.stage = stage;
    this.graph = new OnnxGraph("stage-" + (stage.exit() + 1));
    this.arithmetic = arithmetic.apply(graph);
    this.operations = new FoldedOperations(graph);
    this.stacks = Stacks.of(layers, stage);
  }

  /**
   * Makes the model.
   *
   * @param before what the stage before hands on; empty for stage 1
   */
  StageModel model(List<Packed> before) {
    takeInputs(before);
    for (int value : stage.carried()) {
      carry(value);
    }
    head();
    outputs.add(logits(StageModel.LOGITS));
    inputs.forEach(graph::input);
    outputs.forEach(graph::output);
    return new StageModel(inputs, outputs, graph.model().toByteArray());
  }

  /** What the model hands on to the next stage. */
  List<Packed> border() {
    return border;
  }

  private void takeInputs(List<Packed> before) {
    if (stage.exit() == 0) {
      FeatureShape map = layers.shape(0);
      Packed images =
          Packed.of(
              StageModel.IMAGES,
              map,
              Fold.NONE,
              layers.channels(0),
              0,
              Layout.FLOATS_CHANNELS_FIRST);
      inputs.add(new TensorSpec(images.name(), ElementType.FLOAT, images.shape()));
      homes.put(0, images);
    }
    for (Packed tensor : before) {
      Packed input = tensor.named(tensor.name().replaceFirst("^out_", "in_"));
      inputs.add(spec(input));
      input.channels().forEach(channel -> homes.putIfAbsent(channel.value(), input));
    }
    if (addsUp()) {
      inputs.add(logits(StageModel.LOGITS_BEFORE));
    }
  }

  private boolean addsUp() {
    return weights.ensemble(stage.exit()) != 0;
  }

  private void carry(int value) {
    Packed made = gather(layers.channels(value));
    Packed out = made.named("out_" + value);
    boolean input = inputs.stream().anyMatch(spec -> spec.getName().equals(made.name()));
    if (input || made.name().startsWith("out_")) {
      graph.node("Identity", out.name(), List.of(made.name()));
    } else {
      rename(made, out);
    }
    outputs.add(spec(out));
    border.add(out);
  }

  private void rename(Packed from, Packed to) {
    graph.rename(from.name(), to.name());
    homes.replaceAll((value, packed) -> packed.equals(from) ? to : packed);
    Map<List<Packed>, Packed> renamed = new HashMap<>();
    concatenations.forEach(
        (parts, whole) ->
            renamed.put(
                parts.stream().map(part -> part.equals(from) ? to : part).toList(),
                whole.equals(from) ? to : whole));
    concatenations.clear();
    concatenations.putAll(renamed);
  }

  /** The tensor that holds a value, made now if need be. */
  private Packed home(int value) {
    Packed home = homes.get(value);
    if (home == null) {
      make(value);
      home = homes.get(value);
    }
    if (value != 0 && home.layout() != arithmetic.layout()) {
      Packed stored = arithmetic.stored(home);
      Packed before = home;
      homes.replaceAll((other, packed) -> packed.equals(before) ? stored : packed);
      return stored;
    }
    return home;
  }

  private void make(int value) {
    Node node = layers.node(value);
    if (stacks.containsKey(value)) {
      makeStack(stacks.get(value));
    } else if (layers.kernel(value) != null) {
      convolution("v" + value, layers.kernel(value));
    } else if (node instanceof Node.Resize resize) {
      List<Channel> read = layers.channels(resize.input());
      Packed from = operations.unfolded("v" + value, arithmetic.floats(gather(read)), read);
      FeatureShape map = resize.shape();
      String resized = operations.resize("v" + value + "_resized", from, map);
      homes.put(
          value,
          operations.folded("v" + value, resized, map, folding.at(map), layers.channels(value)));
    } else if (node instanceof Node.MaxPool pool) {
      List<Channel> read = layers.channels(pool.input());
      Packed from =
          operations.unfolded("v" + value, arithmetic.floats(rawHome(pool.input())), read);
      FeatureShape map = pool.shape();
      String pooled = operations.maxPool("v" + value + "_pooled", from, pool);
      homes.put(
          value,
          operations.folded("v" + value, pooled, map, folding.at(map), layers.channels(value)));
    } else {
      throw new IllegalArgumentException(node + " has no 8-bit form");
    }
  }

  /** As {@link #home}, in whichever layout it was made. */
  private Packed rawHome(int value) {
    if (!homes.containsKey(value)) {
      make(value);
    }
    return homes.get(value);
  }

  private void makeStack(List<Kernel> last) {
    List<Kernel> first =
        last.stream().map(kernel -> layers.kernel(layers.source(kernel.value()))).toList();
    String name = "v" + last.get(0).value() + "_to_" + last.get(last.size() - 1).value();
    convolution(name + "_narrow", Kernel.stacked(first));
    convolution(name, Kernel.stacked(last));
  }

  private void convolution(String name, Kernel kernel) {
    Packed input = gather(kernel.inputs());
    FeatureShape map = layers.shape(kernel.value());
    Packed output =
        Packed.of(
            name,
            map,
            folding.at(map),
            kernel.outputs(),
            arithmetic.leastSlots(),
            arithmetic.layout());
    Packed made =
        arithmetic.convolution(
            input, FoldedKernel.of(kernel.inUnits(arithmetic::unit), input, output), output);
    kernel.outputs().forEach(channel -> homes.put(channel.value(), made));
  }

  /** One tensor that holds all these channels, and perhaps others. */
  private Packed gather(List<Channel> channels) {
    LinkedHashSet<Integer> values = new LinkedHashSet<>();
    channels.forEach(channel -> values.add(channel.value()));
    values.forEach(this::home);
    List<Packed> parts = values.stream().map(this::home).distinct().toList();
    if (parts.size() == 1) {
      return parts.get(0);
    }
    int known = parts.size();
    while (known > 1 && !concatenations.containsKey(parts.subList(0, known))) {
      known--;
    }
    Packed whole = known == 1 ? parts.get(0) : concatenations.get(parts.subList(0, known));
    return known == parts.size() ? whole : concatenate(whole, parts, known);
  }

  private Packed concatenate(Packed whole, List<Packed> parts, int known) {
    List<Packed> joined = new ArrayList<>(List.of(whole));
    joined.addAll(parts.subList(known, parts.size()));
    List<Slot> slots = joined.stream().flatMap(part -> part.slots().stream()).toList();
    String name = "joined_" + concatenations.size();
    graph.node(
        "Concat",
        name,
        joined.stream().map(Packed::name).toList(),
        attribute("axis", whole.layout().channelAxis()));
    Packed made =
        new Packed(name, whole.height(), whole.width(), whole.fold(), slots, whole.layout());
    concatenations.put(List.copyOf(parts), made);
    return made;
  }

  private void head() {
    Node.Linear linear = (Node.Linear) layers.node(stage.head());
    Node.AvgPool pool = (Node.AvgPool) layers.node(linear.input());
    Packed map = gather(layers.channels(pool.input()));
    int classes = linear.shape().channels();
    float[] head = headWeights(linear, pool, map);
    List<String> operands =
        List.of(
            arithmetic.flat(map),
            graph.floats(linear.weight(), head, classes, head.length / classes),
            graph.floats(linear.bias(), weights.constant(linear.bias()), classes));
    String own = addsUp() ? "own_logits" : StageModel.LOGITS;
    graph.node("Gemm", own, operands, attribute("transB", 1));
    if (addsUp()) {
      Ensemble.add(graph, own, weights.ensemble(stage.exit()));
    }
  }

  /** Pooling and the linear layer as one matrix over the elements of the tensor as it lies. */
  private float[] headWeights(Node.Linear linear, Node.AvgPool pool, Packed map) {
    float[] weight = weights.constant(linear.weight());
    List<Channel> read = layers.channels(pool.input());
    Map<Channel, Integer> features = new HashMap<>();
    IntStream.range(0, read.size()).forEach(i -> features.put(read.get(i), i));
    int slots = map.slots().size();
    int pixels = map.rows() * map.columns();
    int classes = linear.shape().channels();
    float[] head = new float[classes * slots * pixels];
    for (int s = 0; s < slots; s++) {
      Slot slot = map.slots().get(s);
      Integer feature = slot.channel() == null ? null : features.get(slot.channel());
      if (feature == null) {
        continue;
      }
      double unit = arithmetic.unit(slot.channel()) / (pool.kernel() * pool.kernel());
      for (int p = 0; p < pixels; p++) {
        int row = p / map.columns() * map.fold().rows() + slot.row();
        int column = p % map.columns() * map.fold().columns() + slot.column();
        if (row < pool.kernel() && column < pool.kernel()) {
          int element = map.layout() == Layout.BYTES_CHANNELS_LAST ? p * slots + s : s * pixels + p;
          for (int c = 0; c < classes; c++) {
            head[c * slots * pixels + element] =
                (float) (weight[c * linear.inFeatures() + feature] * unit);
          }
        }
      }
    }
    return head;
  }

  private TensorSpec spec(Packed tensor) {
    ElementType type =
        tensor.layout() == Layout.BYTES_CHANNELS_LAST ? ElementType.UINT8 : ElementType.FLOAT;
    return new TensorSpec(tensor.name(), type, tensor.shape());
  }

  private TensorSpec logits(String name) {
    long classes = layers.shape(stage.head()).channels();
    return new TensorSpec(name, ElementType.FLOAT, List.of(-1L, classes));
  }
}
