package io.boostnet.flink.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.boostnet.flink.budget.replay.FrontierJudgement;
import io.boostnet.flink.exit.Evidence;
import io.boostnet.flink.model.StageCost;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class OptimalStoppingTest {

  private static final FrontierJudgement JUDGED =
      FrontierJudgement.of(
          ReferenceEvidence.validation(), ReferenceEvidence.test(), ReferenceEvidence.COST);

  @Test
  void thresholds_judgedOnTestEvidence_beatThePublishedSearchAtEqualCost() {
    assertThat(JUDGED.meanOverPublished()).isGreaterThanOrEqualTo(0);
    assertThat(JUDGED.worstOverPublished()).isGreaterThanOrEqualTo(-0.003);
  }

  @Test
  void thresholds_judgedOnTestEvidence_comeNearTheBestInHindsight() {
    assertThat(JUDGED.meanUnderOracle()).isBetween(0.0, 0.003);
    assertThat(JUDGED.meanUnderCrossFitted()).isLessThan(0.001);
  }

  @Test
  void oracle_atEveryBudget_isAtLeastWhatTheOthersReach() {
    for (int i = 0; i < JUDGED.budgets().length; i++) {
      assertThat(JUDGED.oracle()[i])
          .isGreaterThanOrEqualTo(Math.max(JUDGED.ours()[i], JUDGED.published()[i]));
    }
  }

  @Test
  void accuracyOnTestEvidence_largerBudget_neverFalls() {
    assertThat(JUDGED.ours()).isSorted();
    assertThat(JUDGED.published()[19]).isLessThan(JUDGED.published()[12]);
  }

  @Test
  void solve_tenThousandImagesAtTenExits_takesUnderASecond() {
    Evidence evidence = SimulatedEvidence.of(10_000, 10, 7);
    StageCost cost = SimulatedEvidence.evenCost(10);
    ThreadMXBean thread = ManagementFactory.getThreadMXBean();
    double seconds = Double.POSITIVE_INFINITY;
    for (int warm = 0; warm < 5 && seconds >= 1; warm++) {
      long start = thread.getCurrentThreadCpuTime();
      new OptimalStopping().solve(evidence, cost);
      seconds = (thread.getCurrentThreadCpuTime() - start) / 1e9;
    }
    assertThat(seconds).isLessThan(1);
  }

  @Property(tries = 20)
  void frontier_anyEvidence_isConcaveAndMeetsEveryBudget(
      @ForAll @IntRange(min = 50, max = 600) int images,
      @ForAll @IntRange(min = 1, max = 7) int exits,
      @ForAll long seed,
      @ForAll @DoubleRange(min = 0, max = 1) double at) {
    Evidence evidence = SimulatedEvidence.of(images, exits, seed);
    StageCost cost = SimulatedEvidence.evenCost(exits);
    Frontier frontier = OptimalStopping.oracle().solve(evidence, cost);

    assertPricesFall(frontier);
    double budget = frontier.leastCost() + at * (frontier.mostCost() - frontier.leastCost());
    OperatingPoint point = frontier.at(budget);
    assertThat(point.meanCost()).isBetween(budget - (double) exits / images - 1e-9, budget + 1e-9);
    assertThat(frontier.sharesAt(budget)).satisfies(shares -> sumsToOne(shares));
    assertThat(meanCost(frontier.sharesAt(budget), cost)).isEqualTo(budget, within(1e-9));
  }

  @Property(tries = 20)
  void frontier_calibratedValues_spendsMoreOnlyForMore(
      @ForAll @IntRange(min = 50, max = 600) int images,
      @ForAll @IntRange(min = 1, max = 7) int exits,
      @ForAll long seed) {
    List<OperatingPoint> points =
        new OptimalStopping()
            .solve(SimulatedEvidence.of(images, exits, seed), SimulatedEvidence.evenCost(exits))
            .points();

    for (int i = 1; i < points.size(); i++) {
      assertThat(points.get(i).meanCost()).isGreaterThan(points.get(i - 1).meanCost());
      assertThat(points.get(i).accuracy()).isGreaterThan(points.get(i - 1).accuracy());
    }
  }

  @Test
  void frontier_exitsThatAddNothing_areNotPaidFor() {
    Evidence.Builder builder = Evidence.builder(3);
    for (int image = 0; image < 100; image++) {
      float confidence = 0.2f + image / 200f;
      int predicted = image < 40 ? 1 : 0;
      builder.add(
          0, new float[] {confidence, confidence, confidence}, new int[] {predicted, predicted, 1});
    }
    Frontier frontier = new OptimalStopping().solve(builder.build(), SimulatedEvidence.evenCost(3));

    assertThat(frontier.mostCost()).isEqualTo(1 / 3.0, within(0.02));
    assertThat(frontier.priceAt(0.9)).isZero();
  }

  @Test
  void frontier_hardImagesMarkedByLowConfidence_sendsThoseDeep() {
    Evidence.Builder builder = Evidence.builder(2);
    for (int image = 0; image < 400; image++) {
      boolean hard = image % 4 == 0;
      builder.add(
          0, new float[] {hard ? 0.3f : 0.9f, 0.9f}, new int[] {hard && image % 8 == 0 ? 1 : 0, 0});
    }
    Frontier frontier =
        OptimalStopping.oracle().solve(builder.build(), SimulatedEvidence.evenCost(2));

    OperatingPoint best = frontier.at(1);
    assertThat(best.accuracy()).isEqualTo(1);
    assertThat(best.thresholds().at(1)).isEqualTo(0.6, within(1e-6));
    assertThat(best.meanCost()).isEqualTo(0.625, within(1e-9));
  }

  @Test
  void solve_costOfOtherNetwork_isRefused() {
    assertThatThrownBy(
            () ->
                new OptimalStopping()
                    .solve(ReferenceEvidence.test(), SimulatedEvidence.evenCost(5)))
        .hasMessage("evidence has 4 exits and the cost 5; as many are needed");
  }

  private static void assertPricesFall(Frontier frontier) {
    double before = Double.POSITIVE_INFINITY;
    for (OperatingPoint point : frontier.points().subList(0, frontier.points().size() - 1)) {
      double price = frontier.priceAt(point.meanCost());
      assertThat(price).isGreaterThan(0);
      // Neighbours on one line have the same price but for rounding.
      assertThat(price).isLessThanOrEqualTo(before * (1 + 1e-9));
      before = price;
    }
  }

  private static void sumsToOne(double[] shares) {
    double sum = 0;
    for (double share : shares) {
      assertThat(share).isGreaterThanOrEqualTo(0);
      sum += share;
    }
    assertThat(sum).isEqualTo(1, within(1e-9));
  }

  private static double meanCost(double[] shares, StageCost cost) {
    double sum = 0;
    for (int exit = 1; exit <= shares.length; exit++) {
      sum += shares[exit - 1] * cost.atExit(exit);
    }
    return sum;
  }
}
