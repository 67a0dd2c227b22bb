package io.boostnet.flink.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.boostnet.flink.model.StageCost;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class QuotaExchangeTest {

  private static final float UNSURE = 0;
  private static final float SURE = 1;
  private static final double THRESHOLD = 0.5;

  @Test
  void grants_sparedByOne_goToThoseThatLackInProportion() {
    double[][] grants =
        QuotaExchange.grants(List.of(use(30, 0), use(0, 40), use(0, 20), use(0, 0)), 64);

    assertThat(grants[0][0]).isZero();
    assertThat(grants[1][0]).isEqualTo(20, within(1e-9));
    assertThat(grants[2][0]).isEqualTo(10, within(1e-9));
    assertThat(grants[3][0]).isZero();
  }

  @Test
  void grants_moreSparedThanLacked_areWhatIsLacked() {
    double[][] grants = QuotaExchange.grants(List.of(use(90, 0), use(0, 40)), 64);

    assertThat(grants[1][0]).isEqualTo(40, within(1e-9));
  }

  @Test
  void grants_ofMuch_areHalfOfAllDepthsAtMost() {
    double[][] grants = QuotaExchange.grants(List.of(use(900, 0), use(0, 800)), 64);

    assertThat(grants[1][0]).isEqualTo(64, within(1e-9));
  }

  @Test
  void hardSubtask_besideAnEasyOne_continuesWithWhatThatSpares() {
    Quotas quotas = Quotas.of(64, 0.5);
    Quota hard = new Quota(quotas, 1);
    Quota easy = new Quota(quotas, 1);
    int continued = 0;
    for (int image = 0; image < 2000; image++) {
      easy.continues(SURE, THRESHOLD);
      continued += hard.continues(UNSURE, THRESHOLD) ? 1 : 0;
      if (image % 50 == 49) {
        double[][] grants =
            QuotaExchange.grants(
                List.of(new QuotaUse[] {hard.use()}, new QuotaUse[] {easy.use()}), 64);
        hard.grant(grants[0][0]);
        easy.grant(grants[1][0]);
      }
    }

    assertThat(continued).as("both earn a half: nearly all may continue").isGreaterThan(1700);
  }

  /**
   * A pipeline whose subtasks get images of any kind and number, report at the end of intervals,
   * are granted what others spared up to an interval later, and restart now and then.
   */
  @Property(tries = 100)
  void cost_anyConsecutiveImagesOfThePipeline_isAtMostBudgetAndSlack(
      @ForAll @IntRange(min = 2, max = 4) int subtasks,
      @ForAll @IntRange(min = 2, max = 4) int exits,
      @ForAll @IntRange(min = 1, max = 20) int depth,
      @ForAll long seed) {
    Random random = new Random(seed);
    StageCost cost = SimulatedEvidence.evenCost(exits);
    Quotas quotas = Quotas.of(depth, random.doubles(exits - 1).toArray());
    Pipeline pipeline = new Pipeline(subtasks, quotas, random);
    List<Double> costs = new ArrayList<>();
    for (int interval = 0; interval < 40; interval++) {
      for (int image = random.nextInt(200); image > 0; image--) {
        costs.add(cost.atExit(pipeline.exitOfNext()));
      }
      pipeline.endInterval();
    }

    assertThat(
            QuotaTest.largestExcess(
                costs.stream().mapToDouble(Double::doubleValue).toArray(), quotas.budget(cost)))
        .isLessThanOrEqualTo(quotas.slack(cost, subtasks) + 1e-6);
  }

  private static QuotaUse[] use(double spare, double lack) {
    return new QuotaUse[] {new QuotaUse(spare, lack, 0)};
  }

  /** Subtasks with their quotas, of which one may be easy and another hard for a while. */
  private static final class Pipeline {

    private final Quotas quotas;
    private final Random random;
    private final Quota[][] subtasks;
    private final double[] hardness;
    private final QuotaUse[][] uses;
    private double[][] late;

    Pipeline(int count, Quotas quotas, Random random) {
      this.quotas = quotas;
      this.random = random;
      subtasks = new Quota[count][];
      Arrays.setAll(subtasks, i -> fresh());
      hardness = random.doubles(count).toArray();
      uses = new QuotaUse[count][];
    }

    private Quota[] fresh() {
      Quota[] stages = new Quota[quotas.exits() - 1];
      Arrays.setAll(stages, i -> new Quota(quotas, i + 1));
      return stages;
    }

    int exitOfNext() {
      int subtask = random.nextInt(subtasks.length);
      float confidence = random.nextDouble() < hardness[subtask] ? UNSURE : SURE;
      int exit = 1;
      while (exit < quotas.exits()
          && subtasks[subtask][exit - 1].continues(confidence, THRESHOLD)) {
        exit++;
      }
      return exit;
    }

    void endInterval() {
      grant(late);
      for (int i = 0; i < uses.length; i++) {
        uses[i] = Arrays.stream(subtasks[i]).map(Quota::use).toArray(QuotaUse[]::new);
        if (random.nextInt(15) == 0) {
          subtasks[i] = fresh();
        }
        if (random.nextInt(10) == 0) {
          hardness[i] = random.nextBoolean() ? 1 : 0;
        }
      }
      double[][] grants = QuotaExchange.grants(List.of(uses), quotas.depth());
      late = random.nextBoolean() ? grants : null;
      grant(late == null ? grants : null);
    }

    private void grant(double[][] grants) {
      for (int i = 0; grants != null && i < grants.length; i++) {
        for (int stage = 0; stage < grants[i].length; stage++) {
          subtasks[i][stage].grant(grants[i][stage]);
        }
      }
    }
  }
}
