package io.boostnet.training.graft;

import static org.assertj.core.api.Assertions.assertThat;

import io.boostnet.training.bundle.BudgetedBatch;
import io.boostnet.training.bundle.Evaluation.Exit;
import java.util.List;
import org.junit.jupiter.api.Test;

class VerdictTest {

  @Test
  void sentence_cheaperForTheSame_saysByHowMuch() {
    assertThat(verdict(0.80, 0.90, point(400, 0.896), point(800, 0.90)).sentence())
        .isEqualTo(
            "Early exits pay: 0.40 of the plain network's operations for 89.60 % instead of 90.00 %"
                + " of the 1,000 test images (2.50 times fewer for at most 0.5 points; one standard"
                + " error is 0.95).");
  }

  @Test
  void sentence_neverAsGood_saysWhatIsLost() {
    assertThat(verdict(0.60, 0.90, point(400, 0.70), point(1000, 0.85)).sentence())
        .startsWith(
            "Early exits do not pay here: for the plain network's operations they have 85.00 %")
        .contains("1,000 test images", "5.00 points more");
  }

  @Test
  void sentence_headBetterThanTheNetwork_doubtsTheInput() {
    assertThat(verdict(0.80, 0.70, point(400, 0.80), point(800, 0.75)).sentence())
        .contains(
            "Early exits pay", "(exit 1, 80.00 %)", "own exit (70.00 %)", "not those that it was");
  }

  @Test
  void sentence_headBetterWithinTheError_doubtsNothing() {
    assertThat(verdict(0.71, 0.70, point(400, 0.71), point(800, 0.70)).sentence())
        .startsWith("Early exits pay")
        .doesNotContain("own exit");
  }

  private static Verdict verdict(double head, double own, BudgetedBatch.Point... points) {
    return new Verdict(
        1000,
        1000,
        List.of(new Exit(1, 400, 1, head, 0.5, head), new Exit(2, 1000, 1, own, 0.5, own)),
        List.of(points));
  }

  private static BudgetedBatch.Point point(double meanMacs, double accuracy) {
    return new BudgetedBatch.Point(meanMacs, accuracy, new double[2], new double[2]);
  }
}
