package io.boostnet.training.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import io.boostnet.schema.ElementType;
import io.boostnet.training.checkpoint.NamedTensors;
import io.boostnet.training.network.Architecture;
import io.boostnet.training.network.EnsembleWeights;
import io.boostnet.training.network.Network;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class StageExportTest {

  private static final Path REFERENCE = Path.of("/work/shared/reference");

  private static final Map<String, String> N4 =
      Map.of(
          "nBlocks",
          "4",
          "stepmode",
          "even",
          "step",
          "2",
          "base",
          "4",
          "nChannels",
          "8",
          "growthRate",
          "4");
  private static final Map<String, String> N6 =
      Map.of("nBlocks", "6", "stepmode", "even", "step", "2", "base", "4", "nChannels", "16");
  private static final Map<String, String> RANET =
      Map.of(
          "nBlocks",
          "2",
          "stepmode",
          "lin_grow",
          "step",
          "2",
          "scale-list",
          "1-2-3",
          "grFactor",
          "4-2-1",
          "bnFactor",
          "4-2-1",
          "nChannels",
          "16");

  @Test
  void chain_ofMsdNetFromPth_reproducesTheReference() {
    reproduces("msdnet-cifar100-n4-c8-g4", "model_best.pth", new Architecture("msdnet_ge", N4));
  }

  @Test
  void chain_ofMsdNet_reproducesTheReference() {
    reproduces("msdnet-cifar100-n6", "weights.safetensors", new Architecture("msdnet_ge", N6));
  }

  @Test
  void chain_ofRaNet_reproducesTheReference() {
    reproduces("ranet-cifar100-model1", "weights.safetensors", new Architecture("ranet", RANET));
  }

  private static void reproduces(String reference, String file, Architecture architecture) {
    Network network = architecture.network(32, 32, 100);
    NamedTensors weights =
        NamedTensors.read(REFERENCE.resolve(reference).resolve(file))
            .matching(network.parameters(), network.batchCounters());
    NamedTensors forward =
        NamedTensors.read(REFERENCE.resolve(reference).resolve("forward.safetensors"));
    EnsembleWeights ensemble = EnsembleWeights.parse("0.5", network.exits().size());
    List<StageModel> stages = StageExport.export(network, weights, ensemble, ElementType.FLOAT);
    float[] input = forward.values("input");
    float[] expected = forward.values("ensemble_logits");
    try (OnnxCascade cascade = new OnnxCascade(stages, 1)) {
      for (int batch : new int[] {1, 3, 8}) {
        float[][] logits = cascade.logits(Arrays.copyOf(input, batch * 3 * 32 * 32), batch);
        for (int k = 0; k < network.exits().size(); k++) {
          assertThat(logits[k]).hasSize(batch * 100);
          for (int i = 0; i < batch * 100; i++) {
            assertThat(logits[k][i]).isCloseTo(expected[k * 800 + i], Offset.offset(1e-4f));
          }
        }
      }
    }
  }
}
