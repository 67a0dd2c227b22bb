package io.boostnet.training.torch;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import io.boostnet.training.network.Architecture;
import io.boostnet.training.network.EnsembleWeights;
import io.boostnet.training.network.Network;
import io.boostnet.training.network.Parameter;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class SgdTest {

  private static final Network NETWORK =
      new Architecture(
              "msdnet", Map.of("nBlocks", "2", "base", "1", "nChannels", "2", "growthRate", "2"))
          .network(32, 32, 3);
  private static final double RATE = 0.1;
  private static final double MOMENTUM = 0.9;

  @Test
  void steps_withNesterovAndDecayPerExit_followTheFormula() {
    List<Double> decay = List.of(0.01, 0.03);
    Parameter first = parameter("classifier.0.linear.weight");
    Parameter last = parameter("classifier.1.linear.weight");
    try (NDManager manager = Torch.open("cpu");
        Learner learner =
            new Learner(
                NETWORK,
                manager,
                1,
                EnsembleWeights.none(2),
                new Sgd.Settings(MOMENTUM, true, decay))) {
      TorchNetwork network = learner.network();
      Sgd sgd = learner.optimiser();
      for (int s = 0; s < 2; s++) {
        learner.backward(pixels(s), new long[] {0, 1, 2, 0});
        double expectedFirst = expected(network, sgd, first, 0.01);
        double expectedLast = expected(network, sgd, last, 0.03);

        sgd.step(RATE);

        assertThat(weight(network, first)).isCloseTo(expectedFirst, Offset.offset(1e-6));
        assertThat(weight(network, last)).isCloseTo(expectedLast, Offset.offset(1e-6));
        assertThat(sgd.gradient(last)).containsOnly(0);
      }
    }
  }

  private static double expected(TorchNetwork network, Sgd sgd, Parameter parameter, double decay) {
    double w = weight(network, parameter);
    double d = sgd.gradient(parameter)[0] + decay * w;
    double v = MOMENTUM * sgd.velocity(parameter)[0] + d;
    return w - RATE * (d + MOMENTUM * v);
  }

  private static double weight(TorchNetwork network, Parameter parameter) {
    return network.tensor(parameter.name()).toFloatArray()[0];
  }

  private static Parameter parameter(String name) {
    return NETWORK.parameters().stream()
        .filter(p -> p.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static float[] pixels(int seed) {
    float[] pixels = new float[4 * 3072];
    Random random = new Random(seed);
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) random.nextGaussian();
    }
    return pixels;
  }
}
