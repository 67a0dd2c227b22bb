package io.boostnet.training.cut;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import io.boostnet.training.input.BadInputException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Stage files put together to the one graph that they are parts of, so that whatever is known of a
 * graph is known of them: every stage reads the outputs of the one before, by name where the names
 * are the same, else in their order.
 *
 * @param model the whole network
 * @param exits the last output of every stage
 * @param notes what is another than in the files, for people
 */
record StageJoin(ModelProto model, List<String> exits, List<String> notes) {

  static StageJoin of(List<ModelProto> stages) {
    ModelProto.Builder whole = stages.get(0).toBuilder();
    GraphProto.Builder graph = whole.getGraphBuilder();
    List<String> exits = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    List<String> before = List.of();
    graph.clearNode().clearInitializer().clearOutput().clearValueInfo();
    for (int k = 0; k < stages.size(); k++) {
      ModelProto stage = stages.get(k);
      if (!stage.getOpsetImportList().equals(stages.get(0).getOpsetImportList())) {
        throw BadInputException.of(
            "Stage %d is written for other operator sets than stage 1: export all for the same.",
            k + 1);
      }
      long batch = k == 0 ? 0 : fixedBatch(stage.getGraph());
      if (batch > 0) {
        notes.add("stage %d was fixed at a batch of %d: taken as free".formatted(k + 1, batch));
      }
      Map<String, String> given = k == 0 ? Map.of() : given(k, stage.getGraph(), before);
      String prefix = k == 0 ? "" : "stage_" + (k + 1) + "/";
      UnaryOperator<String> renamed =
          name -> name.isEmpty() ? name : given.getOrDefault(name, prefix + name);
      for (TensorProto weight : stage.getGraph().getInitializerList()) {
        graph.addInitializer(weight.toBuilder().setName(renamed.apply(weight.getName())));
      }
      for (NodeProto node : stage.getGraph().getNodeList()) {
        NodeProto.Builder copy = node.toBuilder().clearInput().clearOutput();
        copy.setName(node.getName().isEmpty() ? "" : prefix + node.getName());
        node.getInputList().forEach(name -> copy.addInput(renamed.apply(name)));
        node.getOutputList().forEach(name -> copy.addOutput(renamed.apply(name)));
        graph.addNode(copy);
      }
      before = new ArrayList<>();
      for (ValueInfoProto output : stage.getGraph().getOutputList()) {
        before.add(renamed.apply(output.getName()));
      }
      if (before.isEmpty()) {
        throw BadInputException.of("Stage %d has no outputs, and its last are its logits.", k + 1);
      }
      String exit = before.get(before.size() - 1);
      exits.add(exit);
      graph.addOutput(ValueInfoProto.newBuilder().setName(exit));
    }
    return new StageJoin(whole.build(), exits, notes);
  }

  /** The batch that an input of a stage is fixed at; 0 where all are free. */
  private static long fixedBatch(GraphProto stage) {
    Set<String> weights = weights(stage);
    return stage.getInputList().stream()
        .filter(input -> !weights.contains(input.getName()))
        .map(input -> input.getType().getTensorType().getShape())
        .filter(shape -> shape.getDimCount() > 0)
        .mapToLong(shape -> shape.getDim(0).getDimValue())
        .filter(batch -> batch > 0)
        .findFirst()
        .orElse(0);
  }

  private static Set<String> weights(GraphProto stage) {
    Set<String> weights = new HashSet<>();
    stage.getInitializerList().forEach(weight -> weights.add(weight.getName()));
    return weights;
  }

  /** What each input of a stage is in the whole graph. */
  private static Map<String, String> given(int k, GraphProto stage, List<String> before) {
    Set<String> weights = weights(stage);
    List<String> inputs =
        stage.getInputList().stream()
            .map(ValueInfoProto::getName)
            .filter(name -> !weights.contains(name))
            .toList();
    Map<String, String> byName = new HashMap<>();
    for (String value : before) {
      byName.put(value.substring(value.lastIndexOf('/') + 1), value);
      byName.put(value, value);
    }
    Map<String, String> given = new HashMap<>();
    boolean named = byName.keySet().containsAll(inputs);
    if (!named && (inputs.size() > before.size() || inputs.size() < before.size() - 1)) {
      throw BadInputException.of(
          "Stage %d takes %s and the stage before gives %s: they have to be as many, or all but the"
              + " logits, which are last.",
          k + 1, inputs, before);
    }
    for (int i = 0; i < inputs.size(); i++) {
      given.put(inputs.get(i), named ? byName.get(inputs.get(i)) : before.get(i));
    }
    return given;
  }
}
