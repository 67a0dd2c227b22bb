package io.boostnet.flink.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.boostnet.flink.budget.replay.Drift;
import io.boostnet.flink.budget.replay.Load;
import io.boostnet.flink.budget.replay.Plant;
import io.boostnet.flink.budget.replay.Replay;
import io.boostnet.flink.exit.Evidence;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** One subtask gets easy classes, the other hard ones. */
class UnlikeSubtasksTest {

  private static final Frontier FRONTIER =
      new OptimalStopping().solve(ReferenceEvidence.validation(), ReferenceEvidence.COST);

  private static final Evidence TEST = ReferenceEvidence.test();
  private static final double SHARE = 0.5;
  private static final double RATE = 1000;

  private static final Load LOAD = Load.steady(RATE, TEST).unlike(UnlikeSubtasksTest::ofSubtask);

  private static final Evidence EASY = half(true);
  private static final Evidence HARD = half(false);

  private static Evidence ofSubtask(Evidence all, int subtask) {
    return subtask == 0 ? EASY : HARD;
  }

  /** Images whose classes the first exit is more, or less, often right about than others. */
  private static Evidence half(boolean easy) {
    double[] right = new double[100];
    double[] all = new double[100];
    for (int image = 0; image < TEST.images(); image++) {
      all[TEST.label(image)]++;
      right[TEST.label(image)] += TEST.correct(1, image) ? 1 : 0;
    }
    double usual = TEST.accuracy(1);
    return Drift.inClasses(TEST, label -> right[label] / all[label] >= usual == easy ? 1 : 0);
  }

  @Test
  void accuracy_easyAndHardPartition_isThatOfOneSharedPrice() {
    Replay replay = replay(BudgetController.of(Budget.fixed(SHARE), FRONTIER));
    Replay.Summary ours = replay.run(60).summary(5, 60);
    Replay shared =
        replay(
            BudgetController.of(
                Budget.constant(FRONTIER.at(ours.meanCost()).thresholds()), FRONTIER));
    Replay.Summary constant = shared.run(60).summary(5, 60);

    assertThat(ours.meanCost()).isEqualTo(SHARE, within(0.01 * SHARE));
    assertThat(constant.meanCost()).isEqualTo(SHARE, within(0.03 * SHARE));
    assertThat(ours.accuracy()).isEqualTo(constant.accuracy(), within(0.004));
    assertThat(ours.forcedShare()).isLessThan(0.01);
    assertThat(mean(replay.costs(1))).as("the hard one").isGreaterThan(1.1 * SHARE);
    assertThat(mean(replay.costs(0))).as("the easy one").isLessThan(0.9 * SHARE);
  }

  @Test
  void cost_anyConsecutiveImagesOfThePipeline_isWithinTheStatedBound() {
    Replay replay = replay(BudgetController.of(Budget.fixed(SHARE), FRONTIER)).run(30);
    Quotas quotas = replay.state().quotas();
    assertThat(QuotaTest.largestExcess(replay.costs(), quotas.budget(ReferenceEvidence.COST)))
        .isLessThanOrEqualTo(quotas.slack(ReferenceEvidence.COST, 2));
  }

  private static double mean(double[] costs) {
    return java.util.Arrays.stream(costs).average().orElseThrow();
  }

  private static Replay replay(BudgetController controller) {
    return new Replay(
        new Plant(ReferenceEvidence.COST, 2, 0.4e6),
        LOAD,
        controller,
        new Random(51)::nextDouble,
        new Random(52)::nextDouble);
  }
}
