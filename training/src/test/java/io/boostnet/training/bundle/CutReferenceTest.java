package io.boostnet.training.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.ModelProto;
import io.boostnet.schema.ElementType;
import io.boostnet.schema.TensorSpec;
import io.boostnet.training.bundle.onnx.OnnxCascade;
import io.boostnet.training.bundle.onnx.StageModel;
import io.boostnet.training.checkpoint.NamedTensors;
import io.boostnet.training.checkpoint.ReferenceTensors;
import io.boostnet.training.cut.Ensemble;
import io.boostnet.training.data.InputFormat;
import io.boostnet.training.graph.Classifier;
import io.boostnet.training.graph.Graph;
import io.boostnet.training.graph.Sample;
import io.boostnet.training.graph.StageSplit;
import io.boostnet.training.graph.StageSplit.Placement;
import io.boostnet.training.network.EnsembleWeights;
import io.boostnet.training.network.ReferenceNetworks;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The reference networks as one ONNX graph each, cut, against the stages of {@code import}. */
class CutReferenceTest {

  @ParameterizedTest
  @ValueSource(strings = {"msdnet-cifar100-n6", "ranet-cifar100-model1"})
  void network_asOneGraph_isCutToTheStagesOfImport(String name) throws Exception {
    ReferenceNetworks reference = ReferenceNetworks.load(name);
    NamedTensors weights = ReferenceTensors.weights(reference);
    List<StageModel> imported =
        StageExport.export(reference.network(), weights, reference.weights(), ElementType.FLOAT);

    Cuts cuts = cuts(StageExport.exportWhole(reference.network(), weights), reference);

    assertThat(cuts.written().cumulativeMacs()).isEqualTo(reference.macs());
    assertSameLogits(name, cuts.written().stages(), imported);
    assertSameLogits(name, cuts.needed().stages(), imported);
    int last = reference.macs().size() - 1;
    assertThat(cuts.needed().cumulativeMacs().get(last)).isEqualTo(reference.macs().get(last));
    for (int k = 0; k < last; k++) {
      assertThat(cuts.needed().cumulativeMacs().get(k))
          .isLessThanOrEqualTo(reference.macs().get(k));
      assertThat(carried(cuts.written().stages().get(k)))
          .as("bytes handed on by stage %d", k + 1)
          .isLessThanOrEqualTo(carried(imported.get(k)));
    }
  }

  private static void assertSameLogits(
      String name, List<StageModel> stages, List<StageModel> imported) {
    float[] images = Arrays.copyOf(ReferenceTensors.forward(name).values("input"), 4 * 3 * 32 * 32);
    float[][] expected = logits(imported, images);
    float[][] found = logits(stages, images);
    for (int k = 0; k < expected.length; k++) {
      for (int i = 0; i < expected[k].length; i++) {
        assertThat(Math.abs(found[k][i] - expected[k][i]))
            .as("exit %d, logit %d", k + 1, i)
            .isLessThanOrEqualTo(1e-6f);
      }
    }
  }

  private record Cuts(StageSplit needed, StageSplit written) {}

  private static Cuts cuts(byte[] onnx, ReferenceNetworks reference) throws Exception {
    int exits = reference.network().exits().size();
    List<String> names = IntStream.rangeClosed(1, exits).mapToObj(k -> "logits_" + k).toList();
    InputFormat format = InputFormat.cifar100();
    Classifier classifier =
        Classifier.of(ModelProto.parseFrom(onnx), new Classifier.Known(names, 100, format, false));
    assertThat(classifier.notes()).isEmpty();
    EnsembleWeights ensemble = reference.weights();
    Ensemble sums = Ensemble.of(classifier.graph().model(), classifier.exits(), ensemble);
    Graph graph = Graph.of(sums.model(), classifier.graph().input(), Sample.of(format, 3));
    return new Cuts(
        StageSplit.at(graph, sums.exits(), Placement.NEEDED),
        StageSplit.at(graph, sums.exits(), Placement.WRITTEN));
  }

  private static float[][] logits(List<StageModel> stages, float[] images) {
    try (OnnxCascade cascade = new OnnxCascade(stages, 1)) {
      return cascade.logits(images, 4);
    }
  }

  private static long carried(StageModel stage) {
    return stage.outputs().stream()
        .map(TensorSpec::getShape)
        .mapToLong(shape -> -shape.stream().reduce(1L, (a, b) -> a * b))
        .sum();
  }
}
