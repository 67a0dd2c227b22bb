package io.boostnet.flink.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.boostnet.flink.budget.replay.Load;
import io.boostnet.flink.budget.replay.Plant;
import io.boostnet.flink.budget.replay.Replay;
import io.boostnet.flink.budget.replay.Step;
import io.boostnet.flink.exit.Evidence;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.DoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Streams of 1 image in 10 s to 1,000 in a second: once the load allows the target, images get it 5
 * s or 20 images later, whichever is longer. Machines are as slow as the streams, so that the load
 * before is 1.6 times what they do at the target.
 */
class SlowStreamTest {

  private static final Frontier FRONTIER =
      new OptimalStopping().solve(ReferenceEvidence.validation(), ReferenceEvidence.COST);

  private static final Evidence TEST = ReferenceEvidence.test();
  private static final double MIN = 0.36;
  private static final double TARGET = 0.7;
  private static final int SEEDS = 6;

  @ParameterizedTest
  @CsvSource({
    "1000, 100",
    "1000, 10",
    "1000, 1",
    "1000, 0.1",
    "100, 10",
    "100, 1",
    "100, 0.1",
    "10, 1",
    "10, 0.1",
    "1, 0.1"
  })
  void cost_rateFalls_isTheTargetsSoon(double before, double after) {
    double seconds = Math.max(20, 200 / before);
    double late = Math.max(5, 20 / after);
    double cost = 0;
    long images = 0;
    for (int seed = 0; seed < SEEDS; seed++) {
      Replay replay =
          keepUp(before, new Load(s -> s < seconds ? before : after, s -> TEST), seed)
              .run(seconds + late + Math.max(5, 60 / after));
      for (Step step : replay.between(seconds + late, Double.MAX_VALUE)) {
        cost += step.window().exits().cost(ReferenceEvidence.COST);
        images += step.window().images();
      }
    }

    assertThat(images).isGreaterThan(200);
    assertThat(cost / images).isEqualTo(TARGET, within(0.06));
  }

  @ParameterizedTest
  @CsvSource({"0.1, 1", "0.1, 1000", "1, 10", "10, 100", "100, 1000"})
  void backlog_rateRises_isWorkedOff(double before, double after) {
    double seconds = Math.max(20, 20 / before);
    Replay replay =
        keepUp(after, new Load(s -> s < seconds ? before : after, s -> TEST), 41)
            .run(seconds + Math.max(30, 200 / after));

    double usualMs = 1000 * Math.max(2, 10 / after);
    assertThat(replay.between(seconds, Double.MAX_VALUE))
        .allMatch(s -> s.waitingMs() < 2 * usualMs);
    assertThat(replay.between(seconds + Math.max(15, 100 / after), Double.MAX_VALUE))
        .allMatch(s -> s.waitingMs() < usualMs);
  }

  /** A camera: images of one scene look alike, and a scene lasts. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void cost_cameraWithOneSceneAfterALoad_isTheTargetsToo(long seed) {
    Map<Integer, Evidence> scenes = new HashMap<>();
    DoubleFunction<Evidence> seen =
        s -> s < 20 ? TEST : scenes.computeIfAbsent((int) (s / 300), i -> scene(seed + i));
    Replay replay = keepUp(30, new Load(s -> s < 20 ? 30 : 2, seen), seed).run(120);

    assertThat(replay.summary(30, 120).meanCost()).isEqualTo(TARGET, within(0.08));
  }

  @Test
  void fixedBudget_cameraWithOneScene_holdsItsBound() {
    Evidence scene = scene(9);
    Replay replay =
        new Replay(
                new Plant(ReferenceEvidence.COST, 1, 1e6),
                Load.steady(2, TEST).withDrift(scene, 100),
                BudgetController.of(Budget.fixed(0.5), FRONTIER),
                new Random(9)::nextDouble,
                new Random(10)::nextDouble)
            .run(400);
    Quotas quotas = replay.state().quotas();

    assertThat(QuotaTest.largestExcess(replay.costs(0), quotas.budget(ReferenceEvidence.COST)))
        .isLessThanOrEqualTo(quotas.slack(ReferenceEvidence.COST, 1));
    assertThat(replay.summary(110, 400).meanCost()).isEqualTo(0.5, within(0.03));
  }

  /** One image twenty times, seen a little differently each time. */
  private static Evidence scene(long seed) {
    Random random = new Random(seed);
    int image = random.nextInt(TEST.images());
    Evidence.Builder scene = Evidence.builder(TEST.exits());
    for (int copy = 0; copy < 20; copy++) {
      float[] confidence = new float[TEST.exits()];
      int[] predicted = new int[TEST.exits()];
      for (int exit = 1; exit <= confidence.length; exit++) {
        double seen = Math.min(1 - 1e-6, TEST.confidence(exit, image));
        double logit = Math.log(seen / (1 - seen)) + 0.05 * random.nextGaussian();
        confidence[exit - 1] = (float) (1 / (1 + Math.exp(-logit)));
        predicted[exit - 1] = TEST.predicted(exit, image);
      }
      scene.add(TEST.label(image), confidence, predicted);
    }
    return scene.build();
  }

  private static Replay keepUp(double mostPerSecond, Load load, long seed) {
    return new Replay(
        new Plant(ReferenceEvidence.COST, 1, 1.6e9 / (TARGET * mostPerSecond)),
        load,
        BudgetController.of(Budget.keepUp().between(MIN, TARGET), FRONTIER),
        new Random(seed)::nextDouble,
        new Random(seed + 1)::nextDouble);
  }
}
