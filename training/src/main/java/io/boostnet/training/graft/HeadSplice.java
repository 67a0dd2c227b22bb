package io.boostnet.training.graft;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.InvalidProtocolBufferException;
import io.boostnet.training.bundle.StageExport;
import io.boostnet.training.graft.HeadChoice.Head;
import io.boostnet.training.graph.Edit;
import java.util.HashMap;
import java.util.Map;

/** Puts a trained head into a graph. */
final class HeadSplice {

  private HeadSplice() {}

  /**
   * Adds a head behind a value.
   *
   * @param features the value that the head reads
   * @param prefix of the names of the head's own values
   * @return the value of its logits f_k
   */
  static String add(Edit edit, Head head, String features, String prefix) {
    GraphProto own;
    try {
      own =
          ModelProto.parseFrom(StageExport.exportWhole(head.network(), head.weights())).getGraph();
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("the head that was just written cannot be read", e);
    }
    Map<String, String> names = new HashMap<>();
    names.put(own.getInput(0).getName(), features);
    names.put("", "");
    for (TensorProto weight : own.getInitializerList()) {
      names.put(weight.getName(), edit.weight(prefix, weight));
    }
    for (NodeProto node : own.getNodeList()) {
      names.put(
          node.getOutput(0),
          edit.node(
              node.getOpType(),
              prefix + node.getOutput(0),
              node.getInputList().stream().map(names::get).toList(),
              node.getAttributeList().toArray(AttributeProto[]::new)));
    }
    return names.get(own.getOutput(0).getName());
  }
}
