package io.boostnet.training.graph;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.ModelProto;
import io.boostnet.training.bundle.StageExport;
import io.boostnet.training.bundle.onnx.OnnxCascade;
import io.boostnet.training.bundle.onnx.StageModel;
import io.boostnet.training.data.InputFormat;
import io.boostnet.training.graph.CutPoints.CutPoint;
import io.boostnet.training.graph.StageSplit.Placement;
import io.boostnet.training.network.FeatureShape;
import io.boostnet.training.network.Network;
import io.boostnet.training.network.ResNet;
import io.boostnet.training.torch.TorchNetwork;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StageSplitTest {

  private static final InputFormat FORMAT = InputFormat.cifar10();

  @Test
  void residualNetwork_cutAnywhere_keepsItsLogitsToTheBit() throws Exception {
    Network network = new ResNet(14, 16).build(new FeatureShape(3, 32, 32), 10);
    byte[] onnx = StageExport.exportWhole(network, TorchNetwork.drawWeights(network, 2));
    Sample images = Sample.of(FORMAT, 8);
    Graph plain = Graph.of(ModelProto.parseFrom(onnx), "images", images);
    float[] expected =
        lastLogits(StageSplit.at(plain, List.of("logits"), Placement.NEEDED).stages(), images);
    List<CutPoint> points = CutPoints.of(plain, "logits").points();
    assertThat(points).hasSizeGreaterThan(5);

    Edit edit = new Edit(plain.model());
    List<String> exits = new ArrayList<>();
    for (CutPoint point : points) {
      String mean = edit.node("GlobalAveragePool", "mean", List.of(point.tensor()));
      exits.add(edit.node("Flatten", "exit", List.of(mean)));
    }
    exits.add("logits");
    Graph graph = Graph.of(edit.model(), "images", images);
    StageSplit split = StageSplit.at(graph, exits, Placement.NEEDED);

    assertThat(split.stages()).hasSize(exits.size());
    assertThat(split.stages().subList(0, points.size()))
        .allSatisfy(
            stage -> assertThat(stage.outputs()).as("the cut value and the logits").hasSize(2));
    assertThat(lastLogits(split.stages(), images)).containsExactly(expected);
  }

  private static float[] lastLogits(List<StageModel> stages, Sample images) {
    try (OnnxCascade cascade = new OnnxCascade(stages, 1)) {
      return cascade.logits(images.pixels(), images.images())[stages.size() - 1];
    }
  }
}
