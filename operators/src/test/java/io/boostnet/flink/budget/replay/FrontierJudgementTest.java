package io.boostnet.flink.budget.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.boostnet.flink.exit.Evidence;
import io.boostnet.flink.model.StageCost;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FrontierJudgementTest {

  private static final StageCost COST = StageCost.ofCumulative(1, 2, 3, 4);

  /** Confidence says nothing here, so that whatever an oracle gains by it is memory. */
  @Test
  void crossFitted_everyExitTossesACoin_gainsNothingWhereTheOracleRemembers() {
    Evidence test = coins(1000, 2);
    FrontierJudgement judged = FrontierJudgement.of(coins(2000, 1), test, COST);
    double right = IntStream.rangeClosed(1, 4).mapToDouble(test::accuracy).average().orElseThrow();

    assertThat(mean(judged.oracle())).isGreaterThan(right + 0.02);
    assertThat(mean(judged.crossFitted())).isBetween(right - 0.03, right + 0.01);
    assertThat(judged.meanUnderCrossFitted())
        .isEqualTo(mean(judged.crossFitted()) - mean(judged.ours()), within(1e-9));
  }

  @Test
  void lostByMore_isTheDeepestFallBelowABudgetBefore() {
    double[] any = {0.1, 0.2, 0.3, 0.4};
    FrontierJudgement judged =
        new FrontierJudgement(
            any, new double[] {0.5, 0.7, 0.6, 0.65}, new double[] {0.5, 0.5, 0.6, 0.6}, any, any);

    assertThat(judged.publishedLostByMore()).isEqualTo(0.1, within(1e-9));
    assertThat(judged.oursLostByMore()).isZero();
  }

  @Test
  void of_fewerTestImagesThanParts_saysHowManyAreNeeded() {
    assertThatThrownBy(() -> FrontierJudgement.of(coins(50, 1), coins(9, 2), COST))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("test evidence has 9 images; at least 10 are needed");
  }

  private static Evidence coins(int images, long seed) {
    Random random = new Random(seed);
    Evidence.Builder evidence = Evidence.builder(COST.exits());
    for (int image = 0; image < images; image++) {
      float[] confidence = new float[COST.exits()];
      int[] predicted = new int[COST.exits()];
      for (int exit = 0; exit < COST.exits(); exit++) {
        confidence[exit] = random.nextFloat();
        predicted[exit] = random.nextInt(2);
      }
      evidence.add(0, confidence, predicted);
    }
    return evidence.build();
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).average().orElseThrow();
  }
}
