package io.boostnet.training.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.boostnet.schema.ElementType;
import io.boostnet.schema.TensorSpec;
import io.boostnet.training.bundle.onnx.OnnxCascade;
import io.boostnet.training.bundle.onnx.StageModel;
import io.boostnet.training.checkpoint.NamedTensors;
import io.boostnet.training.checkpoint.ReferenceTensors;
import io.boostnet.training.network.EnsembleWeights;
import io.boostnet.training.network.ReferenceNetworks;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StageExportTest {

  private static final String SMALL = "msdnet-cifar100-n4-c8-g4";

  @ParameterizedTest
  @ValueSource(strings = {SMALL, "msdnet-cifar100-n6", "ranet-cifar100-model1"})
  void chain_ofReferenceNetwork_givesItsEnsembleLogits(String name) {
    ReferenceNetworks reference = ReferenceNetworks.load(name);
    List<StageModel> stages = export(reference, reference.weights(), ElementType.FLOAT);
    assertBordersFit(stages);
    NamedTensors forward = ReferenceTensors.forward(name);
    assertThat(largestError(stages, forward, "ensemble_logits", 1)).isLessThan(1e-4);
    assertThat(largestError(stages, forward, "ensemble_logits", 3)).isLessThan(1e-4);
    assertThat(largestError(stages, forward, "ensemble_logits", 8)).isLessThan(1e-4);
  }

  @ParameterizedTest
  @ValueSource(strings = {SMALL, "ranet-cifar100-model1"})
  void chain_withoutEnsemble_givesTheHeadLogitsAndCarriesNone(String name) {
    ReferenceNetworks reference = ReferenceNetworks.load(name);
    EnsembleWeights none = EnsembleWeights.none(reference.network().exits().size());
    List<StageModel> stages = export(reference, none, ElementType.FLOAT);
    assertThat(stages.get(1).inputs()).hasSize(stages.get(0).outputs().size() - 1);
    assertThat(largestError(stages, ReferenceTensors.forward(name), "head_logits", 8))
        .isLessThan(1e-4);
  }

  @ParameterizedTest
  @ValueSource(strings = {SMALL, "ranet-cifar100-model1"})
  void chain_storedIn16Bits_isHalfTheSizeAndCloseToTheReference(String name) {
    ReferenceNetworks reference = ReferenceNetworks.load(name);
    List<StageModel> full = export(reference, reference.weights(), ElementType.FLOAT);
    List<StageModel> half = export(reference, reference.weights(), ElementType.FLOAT16);
    assertBordersFit(half);
    assertThat(half.get(0).outputs().get(0).getElementType()).isEqualTo(ElementType.FLOAT16);
    assertThat(size(half)).isLessThan(size(full) * 6 / 10);
    // Logits of these networks are around 0.1; 16 bits keep three digits.
    assertThat(largestError(half, ReferenceTensors.forward(name), "ensemble_logits", 8))
        .isLessThan(5e-3);
  }

  @Test
  void stages_carryOnlyWhatLaterStagesRead() {
    ReferenceNetworks reference = ReferenceNetworks.load(SMALL);
    List<StageModel> stages = export(reference, reference.weights(), ElementType.FLOAT);
    assertThat(stages).hasSize(4);
    assertThat(stages.get(0).inputs())
        .containsExactly(new TensorSpec("images", ElementType.FLOAT, List.of(-1L, 3L, 32L, 32L)));
    assertThat(stages.get(0).outputs()).as("three scales and the logits").hasSize(4);
    assertThat(stages.get(3).outputs())
        .containsExactly(new TensorSpec("logits", ElementType.FLOAT, List.of(-1L, 100L)));
  }

  @Test
  void export_withTooFewEnsembleWeights_isRefused() {
    ReferenceNetworks reference = ReferenceNetworks.load(SMALL);
    assertThatThrownBy(() -> export(reference, EnsembleWeights.none(3), ElementType.FLOAT))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("3 ensemble weights for 4 exits");
  }

  private static List<StageModel> export(
      ReferenceNetworks reference, EnsembleWeights ensemble, ElementType storage) {
    return StageExport.export(
        reference.network(), ReferenceTensors.weights(reference), ensemble, storage);
  }

  /**
   * Input i of a stage is output i of the stage before it, in type and shape; logits may be left
   * out.
   */
  private static void assertBordersFit(List<StageModel> stages) {
    for (int k = 1; k < stages.size(); k++) {
      List<TensorSpec> given = stages.get(k - 1).outputs();
      List<TensorSpec> taken = stages.get(k).inputs();
      assertThat(taken.size()).isBetween(given.size() - 1, given.size());
      for (int i = 0; i < taken.size(); i++) {
        assertThat(taken.get(i).getShape()).isEqualTo(given.get(i).getShape());
        assertThat(taken.get(i).getElementType()).isEqualTo(given.get(i).getElementType());
      }
    }
  }

  private static double largestError(
      List<StageModel> stages, NamedTensors forward, String expectedName, int batch) {
    float[] input = Arrays.copyOf(forward.values("input"), batch * 3 * 32 * 32);
    float[] expected = forward.values(expectedName);
    double largest = 0;
    try (OnnxCascade cascade = new OnnxCascade(stages, 1)) {
      float[][] logits = cascade.logits(input, batch);
      int ofExit = expected.length / logits.length;
      for (int k = 0; k < logits.length; k++) {
        assertThat(logits[k]).hasSize(batch * cascade.classes());
        for (int i = 0; i < logits[k].length; i++) {
          largest = Math.max(largest, Math.abs(logits[k][i] - expected[k * ofExit + i]));
        }
      }
    }
    return largest;
  }

  private static long size(List<StageModel> stages) {
    return stages.stream().mapToLong(stage -> stage.onnx().length).sum();
  }
}
