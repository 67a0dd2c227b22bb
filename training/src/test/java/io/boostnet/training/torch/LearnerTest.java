package io.boostnet.training.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.ndarray.NDManager;
import io.boostnet.training.network.Architecture;
import io.boostnet.training.network.EnsembleWeights;
import io.boostnet.training.network.Network;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LearnerTest {

  private static final Network NETWORK =
      new Architecture(
              "msdnet_ge", Map.of("nBlocks", "2", "base", "1", "nChannels", "4", "growthRate", "2"))
          .network(32, 32, 3);
  private static final Sgd.Settings SETTINGS = new Sgd.Settings(0.9, true, List.of(1e-4, 1e-4));
  private static final long[] LABELS = {0, 1, 2, 0, 1, 2, 0, 1};

  @BeforeEach
  void oneThread() {
    Torch.setThreads(1);
  }

  @Test
  void learning_oneBatchAgainAndAgain_fitsIt() {
    try (NDManager manager = Torch.open("cpu");
        Learner learner =
            new Learner(NETWORK, manager, 1, EnsembleWeights.parse("0.5", 2), SETTINGS)) {
      double before = learner.learn(pixels(), LABELS, 0.05).losses()[1];
      for (int step = 0; step < 60; step++) {
        learner.learn(pixels(), LABELS, 0.05);
      }
      Learner.Outcome after = learner.learn(pixels(), LABELS, 0.05);

      assertThat(after.losses()[1]).isLessThan(before / 10);
      assertThat(after.correct()).containsExactly(LABELS.length, LABELS.length);
    }
  }

  /** On a machine where libtorch needs that cure, both are without it. */
  @Test
  void learning_withoutOneDnn_reachesTheSameLosses() {
    boolean needsCure = Torch.version().contains("oneDNN off");
    List<double[]> asItRuns = losses();
    try {
      assumeTrue(OneDnn.enable(false), "the switch is known on Linux alone");
      List<double[]> without = losses();

      assertThat(without.get(0)).containsExactly(asItRuns.get(0), within(1e-5));
      for (int step = 1; step < asItRuns.size(); step++) {
        assertThat(without.get(step)).containsExactly(asItRuns.get(step), within(0.02));
      }
    } finally {
      OneDnn.enable(!needsCure);
    }
  }

  /** Of every exit, step by step, until the batch is all but learned by heart. */
  private static List<double[]> losses() {
    List<double[]> losses = new ArrayList<>();
    try (NDManager manager = Torch.open("cpu");
        Learner learner =
            new Learner(NETWORK, manager, 1, EnsembleWeights.parse("0.5", 2), SETTINGS)) {
      for (int step = 0; step < 60; step++) {
        losses.add(learner.learn(pixels(), LABELS, 0.05).losses());
      }
    }
    assertThat(losses.get(59)[1]).isLessThan(losses.get(0)[1] / 10);
    return losses;
  }

  @Test
  void batches_learnedAndMeasured_leaveNothingBehind() {
    try (NDManager manager = Torch.open("cpu");
        Learner learner =
            new Learner(NETWORK, manager, 1, EnsembleWeights.parse("0.5", 2), SETTINGS)) {
      learner.learn(pixels(), LABELS, 0.01);
      int arrays = arrays(manager);
      assertThat(arrays).as("weights and momentum").isPositive();
      for (int step = 0; step < 5; step++) {
        learner.learn(pixels(), LABELS, 0.01);
        learner.measure(pixels(), LABELS);
      }

      assertThat(arrays(manager)).isEqualTo(arrays);
    }
  }

  @Test
  void measuring_changesNothing() {
    try (NDManager manager = Torch.open("cpu");
        Learner learner = new Learner(NETWORK, manager, 1, EnsembleWeights.none(2), SETTINGS)) {
      Learner.Outcome first = learner.measure(pixels(), LABELS);

      assertThat(learner.measure(pixels(), LABELS).losses()).isEqualTo(first.losses());
    }
  }

  private static int arrays(NDManager manager) {
    return manager.getManagedArrays().size();
  }

  private static float[] pixels() {
    Random random = new Random(5);
    float[] pixels = new float[LABELS.length * 3072];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) random.nextGaussian();
    }
    return pixels;
  }
}
