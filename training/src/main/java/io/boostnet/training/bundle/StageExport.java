package io.boostnet.training.bundle;

import static io.boostnet.training.bundle.onnx.OnnxGraph.attribute;
import static io.boostnet.training.bundle.onnx.Operations.window;
import static io.boostnet.training.bundle.onnx.StageModel.IMAGES;
import static io.boostnet.training.bundle.onnx.StageModel.LOGITS;
import static io.boostnet.training.bundle.onnx.StageModel.LOGITS_BEFORE;

import ai.onnx.proto.OnnxMl.AttributeProto;
import io.boostnet.schema.ElementType;
import io.boostnet.schema.TensorSpec;
import io.boostnet.training.bundle.onnx.Ensemble;
import io.boostnet.training.bundle.onnx.OnnxGraph;
import io.boostnet.training.bundle.onnx.Operations;
import io.boostnet.training.bundle.onnx.StageModel;
import io.boostnet.training.checkpoint.NamedTensors;
import io.boostnet.training.network.EnsembleWeights;
import io.boostnet.training.network.FeatureShape;
import io.boostnet.training.network.Network;
import io.boostnet.training.network.Node;
import io.boostnet.training.network.Stage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Turns a network and its weights into one ONNX model per stage.
 *
 * <p>What a model computes is the network's inference: batch normalisation is folded into the
 * convolution before it, {@code W' = W * s} and {@code b' = (b - mean) * s + shift} with {@code s =
 * scale / sqrt(variance + epsilon)}, and its last output is the ensemble {@code F_k = f_k + w_k *
 * F_{k-1}}. The batch is the only free size. With {@link ElementType#FLOAT16} the carried feature
 * maps and the weights are stored in 16 bits and cast to 32 where they are used; logits are always
 * 32 bits.
 */
public final class StageExport {

  private final Network network;
  private final NamedTensors weights;
  private final EnsembleWeights ensemble;
  private final ElementType storage;

  private StageExport(
      Network network, NamedTensors weights, EnsembleWeights ensemble, ElementType storage) {
    this.network = network;
    this.weights = weights;
    this.ensemble = ensemble;
    this.storage = storage;
  }

  /**
   * Exports all stages in their order.
   *
   * @param network the network as it was trained
   * @param weights exactly its tensors
   * @param ensemble one weight per exit
   * @param storage element type of carried feature maps and weights
   */
  static List<StageModel> export(
      Network network, NamedTensors weights, EnsembleWeights ensemble, ElementType storage) {
    if (ensemble.exits() != network.exits().size()) {
      throw new IllegalArgumentException(
          "there are "
              + ensemble.exits()
              + " ensemble weights for "
              + network.exits().size()
              + " exits");
    }
    if (storage == ElementType.UINT8) {
      throw new IllegalArgumentException("stages in 8 bits are made of these by the quantizer");
    }
    StageExport export = new StageExport(network.forInference(), weights, ensemble, storage);
    return Stage.cut(export.network).stream()
        .map(stage -> export.new Assembly(stage).model())
        .toList();
  }

  /**
   * Exports the whole network as one ordinary ONNX model, as other tools write them: no ensemble,
   * an output per exit with its own logits f_k, {@code logits} or {@code logits_1}, {@code
   * logits_2}, ...
   *
   * @param network the network as it was trained
   * @param weights exactly its tensors
   */
  public static byte[] exportWhole(Network network, NamedTensors weights) {
    Network whole = network.forInference();
    int exits = whole.exits().size();
    StageExport export =
        new StageExport(whole, weights, EnsembleWeights.none(exits), ElementType.FLOAT);
    int last = whole.nodes().size() - 1;
    List<Integer> all = IntStream.rangeClosed(1, last).boxed().toList();
    Stage everything = new Stage(0, List.of(0), List.of(), all, last, List.of());
    return export.new Assembly(everything).wholeModel();
  }

  /**
   * One model. Names of values: {@code v<number>} inside, {@code in_}/{@code out_} at the border.
   */
  private final class Assembly {

    private final Stage stage;
    private final OnnxGraph graph;
    private final Map<Integer, String> names = new HashMap<>();
    private final Set<Integer> folded = new HashSet<>();
    private final List<TensorSpec> inputs = new ArrayList<>();
    private final List<TensorSpec> outputs = new ArrayList<>();

    Assembly(Stage stage) {
      this.stage = stage;
      this.graph = new OnnxGraph("stage-" + (stage.exit() + 1));
    }

    StageModel model() {
      addInputs();
      for (Stage.Prefix prefix : stage.restored()) {
        names.put(prefix.value(), firstChannels(prefix));
      }
      findFoldedConvolutions();
      for (int v : stage.nodes()) {
        if (!folded.contains(v)) {
          names.put(v, emit(v, network.nodes().get(v)));
        }
      }
      addOutputs();
      inputs.forEach(graph::input);
      outputs.forEach(graph::output);
      return new StageModel(inputs, outputs, graph.model().toByteArray());
    }

    byte[] wholeModel() {
      addInputs();
      graph.input(inputs.get(0));
      findFoldedConvolutions();
      List<Integer> exits = network.exits();
      for (int v : stage.nodes()) {
        Node node = network.nodes().get(v);
        if (exits.contains(v)) {
          String name = exits.size() == 1 ? LOGITS : LOGITS + "_" + (exits.indexOf(v) + 1);
          gemm(name, (Node.Linear) node, names.get(node.inputs().get(0)));
          graph.output(logitsSpec(name));
        } else if (!folded.contains(v)) {
          names.put(v, emit(v, node));
        }
      }
      return graph.model().toByteArray();
    }

    private void addInputs() {
      for (int v : stage.inputs()) {
        if (v == 0) {
          inputs.add(spec(IMAGES, ElementType.FLOAT, v));
          names.put(v, IMAGES);
        } else {
          inputs.add(spec("in_" + v, storage, v));
          names.put(
              v,
              storage == ElementType.FLOAT
                  ? "in_" + v
                  : graph.cast("in_" + v, ElementType.FLOAT, "v" + v));
        }
      }
      if (addsUp()) {
        inputs.add(logitsSpec(LOGITS_BEFORE));
      }
    }

    private boolean addsUp() {
      return stage.exit() > 0 && ensemble.at(stage.exit()) != 0;
    }

    private void addOutputs() {
      for (int v : stage.carried()) {
        outputs.add(spec("out_" + v, storage, v));
        if (stage.inputs().contains(v)) {
          graph.node("Identity", "out_" + v, List.of("in_" + v));
        } else if (storage == ElementType.FLOAT16) {
          graph.cast(names.get(v), ElementType.FLOAT16, "out_" + v);
        }
      }
      outputs.add(logitsSpec(LOGITS));
    }

    /** Name of the value that a node makes: a carried one is made under the name it leaves with. */
    private String nameOf(int value) {
      return storage == ElementType.FLOAT && stage.carried().contains(value)
          ? "out_" + value
          : "v" + value;
    }

    private String firstChannels(Stage.Prefix prefix) {
      String name = nameOf(prefix.value());
      return graph.node(
          "Slice",
          name,
          List.of(
              names.get(prefix.of()),
              graph.integers(name + "_from", 0),
              graph.integers(name + "_to", prefix.channels()),
              graph.integers(name + "_axis", 1)));
    }

    /** A convolution that only a batch normalisation reads is emitted with it. */
    private void findFoldedConvolutions() {
      Map<Integer, Integer> readers = new HashMap<>();
      network
          .nodes()
          .forEach(node -> node.inputs().forEach(input -> readers.merge(input, 1, Integer::sum)));
      for (int v : stage.nodes()) {
        if (network.nodes().get(v) instanceof Node.BatchNorm norm
            && network.nodes().get(norm.input()) instanceof Node.Conv2d
            && readers.get(norm.input()) == 1
            && stage.nodes().contains(norm.input())) {
          folded.add(norm.input());
        }
      }
    }

    private String emit(int v, Node node) {
      String name = nameOf(v);
      List<String> from = node.inputs().stream().map(names::get).toList();
      if (node instanceof Node.Conv2d conv) {
        return convolution(
            name, conv, weights.values(conv.weight()), FoldedConvolution.bias(conv, weights));
      } else if (node instanceof Node.BatchNorm norm) {
        if (!folded.contains(norm.input())) {
          return batchNorm(name, norm, from.get(0));
        }
        Node.Conv2d conv = (Node.Conv2d) network.nodes().get(norm.input());
        FoldedConvolution both = FoldedConvolution.of(conv, norm, weights);
        return convolution(name, conv, both.kernel(), both.bias());
      } else if (node instanceof Node.Relu) {
        return graph.node("Relu", name, from);
      } else if (node instanceof Node.MaxPool pool) {
        return graph.node(
            "MaxPool", name, from, window(pool.kernel(), pool.stride(), pool.padding()));
      } else if (node instanceof Node.AvgPool pool) {
        return graph.node("AveragePool", name, from, window(pool.kernel(), pool.kernel(), 0));
      } else if (node instanceof Node.Add) {
        return graph.node("Add", name, from);
      } else if (node instanceof Node.Concat) {
        return graph.node("Concat", name, from, attribute("axis", 1));
      } else if (node instanceof Node.Resize resize) {
        return resize(name, resize, from.get(0));
      } else if (node instanceof Node.Linear linear) {
        return head(name, linear, from.get(0));
      }
      throw new IllegalStateException(node + " has no ONNX form");
    }

    private String convolution(String name, Node.Conv2d conv, float[] kernel, float[] bias) {
      long size = conv.kernel();
      String weight =
          constant(
              conv.weight(),
              kernel,
              conv.shape().channels(),
              conv.inChannels() / conv.groups(),
              size,
              size);
      List<AttributeProto> attributes =
          new ArrayList<>(List.of(window(conv.kernel(), conv.stride(), conv.padding())));
      if (conv.groups() > 1) {
        attributes.add(attribute("group", conv.groups()));
      }
      return graph.node(
          "Conv",
          name,
          List.of(
              names.get(conv.input()), weight, graph.floats(conv.biasName(), bias, bias.length)),
          attributes.toArray(AttributeProto[]::new));
    }

    private String batchNorm(String name, Node.BatchNorm norm, String input) {
      List<String> operands = new ArrayList<>(List.of(input));
      for (String tensor :
          List.of(norm.scale(), norm.shift(), norm.runningMean(), norm.runningVariance())) {
        operands.add(graph.floats(tensor, weights.values(tensor), norm.shape().channels()));
      }
      return graph.node(
          "BatchNormalization",
          name,
          operands,
          attribute("epsilon", (float) Node.BatchNorm.EPSILON));
    }

    private String resize(String name, Node.Resize resize, String input) {
      FeatureShape from = network.nodes().get(resize.input()).shape();
      FeatureShape to = resize.shape();
      return Operations.resize(
          graph, name, input, from.height(), from.width(), to.height(), to.width());
    }

    private String head(String name, Node.Linear linear, String input) {
      if (!addsUp()) {
        return gemm(LOGITS, linear, input);
      }
      String own = gemm(name, linear, input);
      return Ensemble.add(graph, own, (float) ensemble.at(stage.exit()));
    }

    private String gemm(String name, Node.Linear linear, String input) {
      String flat = graph.node("Flatten", name + "_flat", List.of(input), attribute("axis", 1));
      int classes = linear.shape().channels();
      List<String> operands =
          List.of(
              flat,
              constant(
                  linear.weight(), weights.values(linear.weight()), classes, linear.inFeatures()),
              graph.floats(linear.bias(), weights.values(linear.bias()), classes));
      return graph.node("Gemm", name, operands, attribute("transB", 1));
    }

    /** A weight in the element type of storage, as 32-bit floats for the node that reads it. */
    private String constant(String name, float[] values, long... shape) {
      if (storage == ElementType.FLOAT) {
        return graph.floats(name, values, shape);
      }
      return graph.cast(graph.halfFloats(name, values, shape), ElementType.FLOAT, name + ".cast");
    }

    private TensorSpec spec(String name, ElementType type, int value) {
      FeatureShape shape = network.nodes().get(value).shape();
      return new TensorSpec(
          name,
          type,
          List.of(-1L, (long) shape.channels(), (long) shape.height(), (long) shape.width()));
    }

    private TensorSpec logitsSpec(String name) {
      return new TensorSpec(name, ElementType.FLOAT, List.of(-1L, (long) network.classes()));
    }
  }
}
