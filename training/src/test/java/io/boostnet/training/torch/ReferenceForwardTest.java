package io.boostnet.training.torch;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.boostnet.training.checkpoint.NamedTensors;
import io.boostnet.training.checkpoint.ReferenceTensors;
import io.boostnet.training.network.ReferenceNetworks;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReferenceForwardTest {

  private static final Offset<Float> TOLERANCE = Offset.offset(1e-4f);

  @ParameterizedTest
  @ValueSource(
      strings = {"msdnet-cifar100-n6", "msdnet-cifar100-n4-c8-g4", "ranet-cifar100-model1"})
  void logits_ofOfficialWeights_areTheOfficialOnes(String name) {
    ReferenceNetworks reference = ReferenceNetworks.load(name);
    NamedTensors forward = ReferenceTensors.forward(name);
    try (NDManager manager = Torch.open("cpu");
        TorchNetwork network = new TorchNetwork(reference.network(), manager, 1)) {
      network.load(ReferenceTensors.weights(reference));

      List<NDArray> heads =
          network.heads(network.images(manager, forward.values("input"), 8), false);

      assertClose(heads, forward.values("head_logits"));
      assertClose(
          new Objective(reference.weights()).ensemble(heads), forward.values("ensemble_logits"));
    }
  }

  private static void assertClose(List<NDArray> actual, float[] expected) {
    int at = 0;
    for (NDArray logits : actual) {
      for (float value : logits.toFloatArray()) {
        assertThat(value).isCloseTo(expected[at++], TOLERANCE);
      }
    }
    assertThat(at).isEqualTo(expected.length);
  }
}
