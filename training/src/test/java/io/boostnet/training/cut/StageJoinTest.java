package io.boostnet.training.cut;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto.Dimension;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import java.util.List;
import org.junit.jupiter.api.Test;

class StageJoinTest {

  /** As PyTorch names them: two modules that were written alike have nodes of the same name. */
  @Test
  void stagesWhoseNodesShareNames_becomeAGraphThatLoads() throws Exception {
    StageJoin joined =
        StageJoin.of(List.of(stage("images", "features"), stage("features", "logits")));

    assertThat(joined.model().getGraph().getNodeList())
        .extracting(NodeProto::getName)
        .containsExactly("/relu/Relu", "stage_2//relu/Relu");
    try (OrtSession session =
        OrtEnvironment.getEnvironment().createSession(joined.model().toByteArray())) {
      assertThat(session.getInputNames()).containsExactly("images");
    }
  }

  @Test
  void batchThatAStageWasFixedAt_isTold() {
    ModelProto free = stage("features", "logits");
    ModelProto.Builder fixed = free.toBuilder();
    fixed
        .getGraphBuilder()
        .getInputBuilder(0)
        .getTypeBuilder()
        .getTensorTypeBuilder()
        .getShapeBuilder()
        .setDim(0, Dimension.newBuilder().setDimValue(1));

    ModelProto first = stage("images", "features");
    assertThat(StageJoin.of(List.of(first, free)).notes()).isEmpty();
    assertThat(StageJoin.of(List.of(first, fixed.build())).notes())
        .containsExactly("stage 2 was fixed at a batch of 1: taken as free");
  }

  private static ModelProto stage(String input, String output) {
    return ModelProto.newBuilder()
        .setIrVersion(8)
        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(17))
        .setGraph(
            GraphProto.newBuilder()
                .setName("stage")
                .addInput(value(input))
                .addOutput(value(output))
                .addNode(
                    NodeProto.newBuilder()
                        .setName("/relu/Relu")
                        .setOpType("Relu")
                        .addInput(input)
                        .addOutput(output)))
        .build();
  }

  private static ValueInfoProto value(String name) {
    TensorShapeProto shape =
        TensorShapeProto.newBuilder()
            .addDim(Dimension.newBuilder().setDimParam("N"))
            .addDim(Dimension.newBuilder().setDimValue(3))
            .build();
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            TypeProto.newBuilder()
                .setTensorType(
                    TypeProto.Tensor.newBuilder()
                        .setElemType(TensorProto.DataType.FLOAT_VALUE)
                        .setShape(shape)))
        .build();
  }
}
