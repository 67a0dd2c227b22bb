package io.boostnet.flink.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.boostnet.flink.budget.replay.Load;
import io.boostnet.flink.budget.replay.Plant;
import io.boostnet.flink.budget.replay.Replay;
import io.boostnet.flink.exit.Evidence;
import io.boostnet.flink.exit.Thresholds;
import io.boostnet.flink.model.StageCost;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/**
 * Four sources, a subtask each, of which the first matters more: who gets the compute, and how
 * much.
 */
class PrioritiesInBudgetTest {

  private static final StageCost COST = ReferenceEvidence.COST;
  private static final Frontier FRONTIER =
      new OptimalStopping().solve(ReferenceEvidence.validation(), COST);
  private static final Evidence TEST = ReferenceEvidence.test();
  private static final double FLOOR = 0.6;
  private static final Weighting UNDER_FLOOR = new Weighting(1, FRONTIER.at(FLOOR).thresholds());
  private static final int SUBTASKS = 4;
  private static final double FULL_NANOS = 4e6;

  @Property
  void counted_anyWeight_keepsTheOrderOfConfidences(
      @ForAll @DoubleRange(min = 0.01, max = 100) double weight,
      @ForAll @DoubleRange(min = 0.01, max = 1) double one,
      @ForAll @DoubleRange(min = 0.01, max = 1) double other) {
    Weighting weighting = new Weighting(weight, null);
    float counted = weighting.counted(1, (float) one);

    assertThat(counted).isBetween((float) ConfidenceHistogram.ABOVE_KEPT, 1f);
    assertThat(counted <= weighting.counted(1, (float) other) || one > other).isTrue();
    assertThat(weight >= 1 ? counted <= one + 1e-6 : counted >= one - 1e-6).isTrue();
    assertThat(ConfidenceHistogram.bin(counted)).isPositive();
    assertThat(ConfidenceHistogram.bin(Weighting.KEPT)).isZero();
  }

  @Test
  void counted_weight_isTheOddsOfBeingWrongSoManyTimes() {
    assertThat(new Weighting(4, null).counted(1, 0.8f)).isEqualTo(0.5f, within(1e-6f));
    assertThat(Weighting.USUAL.counted(1, 0.8f)).isEqualTo(0.8f);
  }

  /**
   * As many go on of those under a floor as if they alone drew on a bucket of a quarter, from the
   * first on and as long as they come.
   */
  @Property
  void continued_underAFloor_isNoLessThanWithAQuarterOfTheBucketForThemselves(
      @ForAll @IntRange(min = 4, max = 80) int depth, @ForAll long seed) {
    Random random = new Random(seed);
    double share = random.nextDouble();
    double underFloor = random.nextDouble();
    Quota shared = new Quota(Quotas.of(depth, share), 1);
    Quota alone = new Quota(Quotas.of(depth / 4, share), 1);
    int served = 0;
    int owed = 0;
    for (int image = 0; image < 500; image++) {
      boolean kept = image % (8 * depth) == 0 || random.nextDouble() < underFloor;
      boolean continues = shared.continues(kept ? Weighting.KEPT : 0.01f, 0.5);
      served += kept && continues ? 1 : 0;
      owed += alone.continues(kept ? 0.01f : 1, 0.5) ? 1 : 0;
      assertThat(served).isGreaterThanOrEqualTo(owed);
    }
  }

  /** A full bucket that earns no more, behind an image under a floor and so many others. */
  private static Quota fullBehindAFloor(int others) {
    Quota quota = new Quota(Quotas.of(64, 0.5), 1);
    quota.continues(Weighting.KEPT, 0.5);
    for (int image = 0; image < others; image++) {
      quota.continues(1, 0.5);
    }
    quota.change(Quotas.of(64, 0));
    return quota;
  }

  private static int continueInARow(Quota quota, float confidence) {
    int images = 0;
    while (quota.continues(confidence, 0.5)) {
      images++;
    }
    return images;
  }

  @Test
  void others_endAtTheQuarterKept_whileImagesUnderAFloorCome() {
    Quota quota = fullBehindAFloor(200);

    assertThat(continueInARow(quota, 0.01f)).isEqualTo(48);
    assertThat(continueInARow(quota, Weighting.KEPT)).isEqualTo(16);
    assertThat(continueInARow(fullBehindAFloor(8 * 64), 0.01f)).isEqualTo(64);
  }

  @Test
  void others_nearTheQuarterKept_areRationedByConfidence() {
    Quota quota = fullBehindAFloor(200);
    for (int image = 0; image < 47; image++) {
      quota.continues(0.01f, 0.5);
    }

    assertThat(quota.continues(0.46f, 0.5)).isFalse();
    assertThat(quota.continues(0.45f, 0.5)).isTrue();
  }

  @Test
  void others_whereEveryImageMayContinue_areNotHeldBack() {
    Quota quota = new Quota(Quotas.of(64, 1), 1);
    quota.continues(Weighting.KEPT, 0.5);

    assertThat(quota.continues(0.45f, 0.5)).isTrue();
  }

  /** Half the images are under a floor, 1,000 of all come per second, 250 too many have left. */
  @Test
  void whatLeftBeyondThePlan_isPaidBackByTheOthersWithinFiveSeconds() {
    assertThat(leavingOfOthers(0) - leavingOfOthers(250)).isEqualTo(250 / 2500.0, within(0.005));
  }

  private static double leavingOfOthers(double ahead) {
    double[] kept = new double[ConfidenceHistogram.BINS];
    kept[0] = 500;
    List<ConfidenceHistogram> expected =
        FRONTIER.planAt(0.5).confidences().stream().map(c -> c.scaledTo(500)).toList();
    List<ConfidenceHistogram> seen = new ArrayList<>(expected);
    seen.set(0, expected.get(0).plus(ConfidenceHistogram.of(kept)));
    ExitWindow window =
        new ExitWindow(
            1000,
            1000,
            1,
            new ExitWindow.Leaving(
                ExitDistribution.of(500, 0, 0, 500), ExitDistribution.of(0, 0, 0, 0), seen),
            new ExitWindow.Work(new long[4], new long[4], 0),
            ExitWindow.Intake.nothing());
    ShareFeedback feedback = new ShareFeedback(FRONTIER);
    Adjustment adjustment =
        feedback.toward(
            0.5,
            window,
            new ControlMemory.Shares(seen, expected, 0.5, new double[] {ahead, 0, 0}),
            feedback.start(0.5),
            memory -> memory);
    assertThat(adjustment.changed()).isTrue();
    return expected.get(0).shareFrom(adjustment.next().thresholds().at(1));
  }

  /** Whatever is asked for, the plan costs no more than the budget, and no less where it can. */
  @Property
  void shares_anyFloors_costTheBudget(
      @ForAll @DoubleRange(min = 0.35, max = 0.75) double budget, @ForAll long seed) {
    Floors floors = new Floors(new Random(seed).doubles(3).toArray());
    double[] shares = floors.shares(budget, COST, FRONTIER::sharesAt);
    double[] leaving = Quotas.leavingShares(shares);

    assertThat(Quotas.holding(shares).budget(COST)).isEqualTo(budget, within(1e-6));
    for (int i = 0; i < leaving.length && floors.cost(COST) <= budget; i++) {
      assertThat(1 - leaving[i]).isGreaterThanOrEqualTo(floors.going()[i] - 1e-6);
    }
  }

  @Test
  void cost_anyWeights_isTheBudget_andWhoMattersGetsMore() {
    double before = 0;
    for (double weight : new double[] {0.25, 1, 4, 16}) {
      Replay replay = replay(new Weighting(weight, null), Budget.fixed(0.5), 1000);

      assertThat(replay.summary(5, 40).meanCost()).isEqualTo(0.5, within(0.005));
      assertWithinTheBound(replay);
      assertThat(costOfTheFirst(replay)).isGreaterThan(before + 0.02);
      before = costOfTheFirst(replay);
    }
  }

  @Test
  void weights_atOneCost_bringMoreOfWhatCounts() {
    Weighting matters = new Weighting(8, null);
    Replay weighted = replay(matters, Budget.fixed(0.5), 1000);
    Replay alike = replay(Weighting.USUAL, Budget.fixed(0.5), 1000);

    assertThat(weightedAccuracy(weighted, matters))
        .isGreaterThan(weightedAccuracy(alike, Weighting.USUAL) + 0.003);
  }

  @Test
  void floor_budgetThatWouldGiveLess_isGivenAtTheCostOfOthers() {
    Replay replay = replay(UNDER_FLOOR, Budget.fixed(0.45), 1000);

    assertThat(replay.summary(5, 40).meanCost()).isEqualTo(0.45, within(0.005));
    assertThat(costOfTheFirst(replay)).isGreaterThan(FLOOR - 0.02);
    assertThat(costOfTheFirst(replay(Weighting.USUAL, Budget.fixed(0.45), 1000))).isLessThan(0.46);
    assertWithinTheBound(replay);
  }

  /** Five times what the threads can do: keep-up falls to what the floors cost, and no further. */
  @Test
  void floor_underKeepUpsLeastQuality_isGiven() {
    Replay replay =
        replay(UNDER_FLOOR, Budget.keepUp().between(0.05, 0.8), 5 * SUBTASKS * 1e9 / FULL_NANOS);

    assertThat(costOfTheFirst(replay)).isEqualTo(FLOOR, within(0.03));
    assertThat(Arrays.stream(replay.costs(1)).skip(10_000).average().orElseThrow())
        .isEqualTo(COST.atExit(1), within(0.01));
    assertWithinTheBound(replay);
  }

  @Test
  void floor_budgetThatCannotPay_isPaidAsFarAsItGoes_andTheBudgetHolds() {
    double budget = 0.37;
    Replay replay = replay(UNDER_FLOOR, Budget.fixed(budget), 1000);

    assertThat(replay.summary(5, 40).meanCost()).isEqualTo(budget, within(0.01));
    assertThat(costOfTheFirst(replay)).isBetween(budget, FLOOR);
    assertThat(replay.summary(5, 40).forcedShare()).isGreaterThan(0.05);
    assertThat(replay.state().memory(ControlMemory.Shares.class).ahead()[0])
        .as("what the plan has no room for is not waited for")
        .isGreaterThan(-100);
    assertWithinTheBound(replay);
  }

  private static Replay replay(Weighting first, Budget budget, double rate) {
    Evidence weighted = counted(first);
    Evidence usual = counted(Weighting.USUAL);
    return new Replay(
            new Plant(COST, SUBTASKS, FULL_NANOS),
            Load.steady(rate, TEST).unlike((all, subtask) -> subtask == 0 ? weighted : usual),
            BudgetController.of(budget, FRONTIER),
            new Random(51)::nextDouble,
            new Random(52)::nextDouble)
        .run(40);
  }

  /** The test images with the confidences that count. */
  private static Evidence counted(Weighting weighting) {
    Evidence.Builder builder = Evidence.builder(TEST.exits());
    for (int image = 0; image < TEST.images(); image++) {
      float[] confidence = new float[TEST.exits()];
      int[] predicted = new int[TEST.exits()];
      for (int exit = 1; exit <= TEST.exits(); exit++) {
        confidence[exit - 1] = weighting.counted(exit, TEST.confidence(exit, image));
        predicted[exit - 1] = TEST.predicted(exit, image);
      }
      builder.add(TEST.label(image), confidence, predicted);
    }
    return builder.build();
  }

  private static void assertWithinTheBound(Replay replay) {
    Quotas quotas = replay.state().quotas();
    assertThat(QuotaTest.largestExcess(replay.costs(), quotas.budget(COST)))
        .isLessThanOrEqualTo(quotas.slack(COST, SUBTASKS));
  }

  /** Mean cost of the first source once the controller has settled. */
  private static double costOfTheFirst(Replay replay) {
    double[] costs = replay.costs(0);
    return Arrays.stream(costs).skip(costs.length / 4).average().orElseThrow();
  }

  private static double weightedAccuracy(Replay replay, Weighting first) {
    Thresholds thresholds = replay.state().thresholds();
    double ofFirst = OperatingPoint.measure(thresholds, counted(first), COST).accuracy();
    double ofOthers = OperatingPoint.measure(thresholds, counted(Weighting.USUAL), COST).accuracy();
    return (8 * ofFirst + 3 * ofOthers) / 11;
  }
}
