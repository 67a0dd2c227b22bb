package io.boostnet.training.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EvaluationTest {

  private static final int IMAGES = 4605;

  @Test
  void exitsInTheirOrder_raiseNoDoubt() {
    assertThat(evaluation(0.42, 0.2359, 0.3521, 0.4455).doubts()).isEmpty();
  }

  @Test
  void differenceThatMayBeChance_raisesNoDoubt() {
    assertThat(evaluation(0.7, 0.705, 0.70).doubts()).isEmpty();
  }

  @Test
  void exitsTheWrongWayRound_areDoubtedOneByOne() {
    assertThat(evaluation(0.3, 0.4455, 0.3521, 0.2359).doubts())
        .hasSize(2)
        .first()
        .asString()
        .contains("Exit 2 has 35.2 % right and exit 1, before it, 44.6 %", "first exit first");
  }

  @Test
  void confidenceWithoutAccuracy_isDoubted() {
    assertThat(evaluation(0.415, 0.001, 0.0024).doubts())
        .singleElement()
        .asString()
        .contains("is sure of 41.5 % and has 0.2 % right", "--labels");
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
