package io.boostnet.training.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EvaluationTest {

  private static final int IMAGES = 4605;

  @Test
  void exitsInTheirOrder_raiseNoDoubt() {
    Evaluation rising = evaluation(0.42, 0.2359, 0.3521, 0.4455);
    assertThat(rising.fallingAccuracy()).isEmpty();
    assertThat(rising.unlikelyAccuracy()).isEmpty();
  }

  @Test
  void differenceThatMayBeChance_raisesNoDoubt() {
    assertThat(evaluation(0.7, 0.705, 0.70).fallingAccuracy()).isEmpty();
  }

  @Test
  void exitsTheWrongWayRound_areTold_byTheWorst() {
    assertThat(evaluation(0.3, 0.4455, 0.3521, 0.2359).fallingAccuracy())
        .contains("Exit 3 has 23.6 % right and exit 1, before it, 44.6 %");
  }

  @Test
  void confidenceWithoutAccuracy_isDoubted() {
    assertThat(evaluation(0.415, 0.001, 0.0024).unlikelyAccuracy())
        .contains("The last exit is sure of 41.5 % and has 0.2 % right");
  }

  private static Evaluation evaluation(double confidence, double... accuracies) {
    List<Evaluation.Exit> exits = new ArrayList<>();
    for (double accuracy : accuracies) {
      exits.add(
          new Evaluation.Exit(
              exits.size() + 1, exits.size() + 1, 1, accuracy, confidence, accuracy));
    }
    return new Evaluation("images", IMAGES, IMAGES, exits, List.of(), null);
  }
}
