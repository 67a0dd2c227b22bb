package io.boostnet.training.graph;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.Set;

/** What is known of ONNX operators. */
final class Operators {

  /** Move or rename elements and compute nothing: cheap enough to be run again after a cut. */
  private static final Set<String> VIEWS =
      Set.of(
          "Identity",
          "Reshape",
          "Flatten",
          "Squeeze",
          "Unsqueeze",
          "Transpose",
          "Concat",
          "Slice",
          "Split",
          "Cast",
          "Dropout");

  private Operators() {}

  static boolean isView(NodeProto node) {
    return isStandard(node) && VIEWS.contains(node.getOpType());
  }

  static boolean isStandard(NodeProto node) {
    return node.getDomain().isEmpty() || node.getDomain().equals("ai.onnx");
  }

  /** Whether the output says only how large something is. */
  static boolean isShape(NodeProto node) {
    return node.getOpType().equals("Shape") || node.getOpType().equals("Size");
  }

  /** Whether it holds graphs of its own: If, Loop, Scan. */
  static boolean hasSubgraph(NodeProto node) {
    return node.getAttributeList().stream()
        .anyMatch(attribute -> attribute.hasG() || attribute.getGraphsCount() > 0);
  }

  static AttributeProto attribute(NodeProto node, String name) {
    return node.getAttributeList().stream()
        .filter(attribute -> attribute.getName().equals(name))
        .findFirst()
        .orElse(null);
  }

  static long integer(NodeProto node, String name, long otherwise) {
    AttributeProto attribute = attribute(node, name);
    return attribute == null ? otherwise : attribute.getI();
  }

  /** Name for people: its own, or its kind and output. */
  static String label(NodeProto node) {
    return node.getOpType() + " " + (node.getName().isEmpty() ? node.getOutput(0) : node.getName());
  }
}
