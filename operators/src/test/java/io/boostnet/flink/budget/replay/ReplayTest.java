package io.boostnet.flink.budget.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.boostnet.flink.budget.Budget;
import io.boostnet.flink.budget.BudgetController;
import io.boostnet.flink.budget.Frontier;
import io.boostnet.flink.budget.OptimalStopping;
import io.boostnet.flink.exit.Evidence;
import io.boostnet.flink.exit.Thresholds;
import io.boostnet.flink.model.StageCost;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ReplayTest {

  private static final StageCost COST = StageCost.ofCumulative(1, 2);

  /** Right at exit 1 where confident, always right at exit 2. */
  private static final Evidence EVIDENCE = evidence(0.75);

  private static final Frontier FRONTIER = OptimalStopping.oracle().solve(EVIDENCE, COST);

  @Test
  void summary_constantThresholds_isWhatTheEvidenceSays() {
    Replay.Summary summary = replay(Load.steady(2000, EVIDENCE), 1e5).run(20).summary(0, 20);

    assertThat(summary.meanCost()).isEqualTo(0.625, within(0.01));
    assertThat(summary.accuracy()).isEqualTo(1);
    assertThat(summary.forcedShare()).isZero();
    assertThat(summary.exits().images()).isBetween(39_000L, 41_000L);
  }

  @Test
  void backlog_arrivalsAboveCapacity_growsAsTheyDiffer() {
    Plant plant = new Plant(COST, 1, 1e6);
    double rate = 1.5 * plant.capacity(0.625);
    Replay replay = replay(Load.steady(rate, EVIDENCE), 1e6).run(10);

    assertThat(plant.capacity(0.625)).isEqualTo(1600, within(1e-6));
    assertThat(replay.summary(9, 10).slowBacklogAgeMs()).isBetween(2900L, 3700L);
    assertThat(replay.summary(5, 10).exits().images()).isBetween(7_800L, 8_200L);
    assertThat(replay.steps().get(39).window().intake().arrivalsPerSecond())
        .isEqualTo(2400, within(400.0));
  }

  @Test
  void load_burstTideAndDrift_comeWhenTheyShould() {
    Evidence harder = evidence(0.25);
    Load load = Load.steady(100, EVIDENCE).withBurst(3, 10, 20).withDrift(harder, 15);
    Load tide = Load.steady(100, EVIDENCE).withTide(0.5, 60);

    assertThat(load.imagesPerSecond().applyAsDouble(9.9)).isEqualTo(100);
    assertThat(load.imagesPerSecond().applyAsDouble(10)).isEqualTo(300);
    assertThat(load.imagesPerSecond().applyAsDouble(20)).isEqualTo(100);
    assertThat(load.evidence().apply(14.9)).isSameAs(EVIDENCE);
    assertThat(load.evidence().apply(15)).isSameAs(harder);
    assertThat(tide.imagesPerSecond().applyAsDouble(0)).isEqualTo(50, within(1e-9));
    assertThat(tide.imagesPerSecond().applyAsDouble(30)).isEqualTo(150, within(1e-9));

    Replay replay = replay(load, 1e5).run(30);
    assertThat(replay.summary(0, 15).meanCost()).isEqualTo(0.625, within(0.02));
    assertThat(replay.summary(15, 30).meanCost()).isEqualTo(0.875, within(0.02));
  }

  @Test
  void arrivals_sameNumbers_areTheSameUnderEveryController() {
    Replay first = replay(Thresholds.of(1, 0, 0)).run(10);
    Replay never = replay(Thresholds.neverExit(1, 2)).run(10);

    assertThat(first.summary(0, 10).exits().images())
        .isEqualTo(never.summary(0, 10).exits().images());
    assertThat(first.summary(0, 10).meanCost()).isEqualTo(0.5);
    assertThat(never.summary(0, 10).meanCost()).isEqualTo(1);
    // All images of the evidence come equally often, but for the last round.
    assertThat(first.summary(0, 10).accuracy()).isEqualTo(0.75, within(0.02));
    assertThat(never.summary(0, 10).accuracy()).isEqualTo(1);
  }

  @Test
  void deck_everyRound_dealsEveryImageOnceInANewOrder() {
    Deck deck = new Deck(new Random(5)::nextDouble);
    List<Integer> one = Stream.generate(() -> deck.deal(EVIDENCE)).limit(400).toList();
    List<Integer> other = Stream.generate(() -> deck.deal(EVIDENCE)).limit(400).toList();

    assertThat(one).doesNotHaveDuplicates().isNotEqualTo(other);
    assertThat(other).containsExactlyInAnyOrderElementsOf(one);
  }

  @Test
  void priceControl_confidencesShrink_bringsTheCostBack() {
    Evidence graded = graded();
    Frontier frontier = OptimalStopping.oracle().solve(graded, COST);
    Load load = Load.steady(2000, graded).withDrift(Drift.inDifficulty(graded, 2), 20);
    Replay constant =
        replay(load, BudgetController.of(Budget.constant(frontier.at(0.7).thresholds()), frontier));
    Replay price = replay(load, new PriceControl(0.7, frontier));

    assertThat(constant.run(40).summary(25, 40).meanCost()).isGreaterThan(0.75);
    assertThat(price.run(40).summary(5, 20).meanCost()).isEqualTo(0.7, within(0.01));
    assertThat(price.summary(25, 40).meanCost()).isEqualTo(0.7, within(0.01));
  }

  @Test
  void replay_badArguments_areNamed() {
    assertThatThrownBy(() -> new Plant(COST, 0, 1)).hasMessageContaining("subtasks are 0");
    assertThatThrownBy(() -> new Plant(COST, 1, 0)).hasMessageContaining("above 0");
    assertThatThrownBy(() -> Load.steady(1, EVIDENCE).withTide(1, 60))
        .hasMessageContaining("swing is 1.0");
    assertThatThrownBy(() -> replay(Load.steady(1, EVIDENCE), 1).summary(0, 1))
        .hasMessage("no image left between 0.0 s and 1.0 s");
  }

  private static Replay replay(Thresholds thresholds) {
    return replay(
        Load.steady(2000, EVIDENCE), BudgetController.of(Budget.constant(thresholds), FRONTIER));
  }

  private static Replay replay(Load load, BudgetController controller) {
    return new Replay(
        new Plant(COST, 2, 1e5),
        load,
        controller,
        new Random(3)::nextDouble,
        new Random(4)::nextDouble);
  }

  /** The more confident exit 1 is, the more often it is right; exit 2 always is. */
  private static Evidence graded() {
    Evidence.Builder builder = Evidence.builder(2);
    Random random = new Random(6);
    for (int image = 0; image < 1000; image++) {
      float confidence = random.nextFloat();
      int first = random.nextFloat() < confidence ? 0 : 1;
      builder.add(0, new float[] {confidence, 1}, new int[] {first, 0});
    }
    return builder.build();
  }

  private static Replay replay(Load load, double fullNanos) {
    return new Replay(
        new Plant(COST, 1, fullNanos),
        load,
        BudgetController.of(Budget.constant(Thresholds.of(1, 0.6, 0)), FRONTIER),
        new Random(3)::nextDouble,
        new Random(3 + 1)::nextDouble);
  }

  private static Evidence evidence(double easyShare) {
    Evidence.Builder builder = Evidence.builder(2);
    for (int image = 0; image < 400; image++) {
      boolean easy = image < 400 * easyShare;
      builder.add(0, new float[] {easy ? 0.9f : 0.3f, 0.9f}, new int[] {easy ? 0 : 1, 0});
    }
    return builder.build();
  }
}
