package io.boostnet.training.graph;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * Counts multiply-accumulate operations of a node for one image, as the trainer does and the
 * early-exit literature: convolutions and matrix products by their products (Gemm with its bias),
 * ReLU one per element, pooling one per element read, everything else nothing.
 */
final class Macs {

  /** Operators that compute a lot and are not counted. */
  private static final Set<String> UNCOUNTED =
      Set.of("Einsum", "LSTM", "GRU", "RNN", "Attention", "MultiHeadAttention", "DeformConv");

  private Macs() {}

  static boolean isUncounted(NodeProto node) {
    return UNCOUNTED.contains(node.getOpType());
  }

  static long of(NodeProto node, Graph graph) {
    Value output = graph.value(node.getOutput(0));
    if (output == null || output.kind() != Value.Kind.DATA) {
      return 0;
    }
    long made = output.rowElements();
    return switch (node.getOpType()) {
      case "Conv", "ConvInteger" -> made * kernel(node, 1, graph);
      case "QLinearConv" -> made * kernel(node, 3, graph);
      case "ConvTranspose" -> read(node, graph) * kernel(node, 1, graph);
      case "Gemm" -> made * inner(node, graph) + (node.getInputCount() > 2 ? made : 0);
      case "MatMul", "MatMulInteger" -> made * lastSize(node.getInput(0), graph);
      case "QLinearMatMul", "QGemm" -> made * lastSize(node.getInput(0), graph);
      case "Relu" -> made;
      case "AveragePool", "MaxPool" -> made * window(node);
      case "GlobalAveragePool", "GlobalMaxPool", "ReduceMean" -> read(node, graph);
      default -> 0;
    };
  }

  private static long read(NodeProto node, Graph graph) {
    return graph.value(node.getInput(0)).rowElements();
  }

  /** Products for one element of a convolution: all of the weight but its first size. */
  private static long kernel(NodeProto node, int weight, Graph graph) {
    List<Long> shape = shape(node.getInput(weight), graph);
    return shape.stream().skip(1).reduce(1L, (a, b) -> a * b);
  }

  private static long inner(NodeProto node, Graph graph) {
    List<Long> shape = shape(node.getInput(0), graph);
    return shape.get(Operators.integer(node, "transA", 0) == 0 ? 1 : 0);
  }

  private static long lastSize(String name, Graph graph) {
    List<Long> shape = shape(name, graph);
    return shape.get(shape.size() - 1);
  }

  private static long window(NodeProto node) {
    AttributeProto kernel = Operators.attribute(node, "kernel_shape");
    return kernel.getIntsList().stream().reduce(1L, (a, b) -> a * b);
  }

  private static List<Long> shape(String name, Graph graph) {
    TensorProto weight = graph.weight(name);
    if (weight != null) {
      return weight.getDimsList();
    }
    return Arrays.stream(graph.value(name).shape()).boxed().toList();
  }
}
