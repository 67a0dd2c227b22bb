package io.boostnet.flink.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.boostnet.flink.model.StageCost;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class QuotaTest {

  private static final float UNSURE = 0;
  private static final float SURE = 1;
  private static final double THRESHOLD = 0.5;
  private static final double ROUNDING = 1e-6;

  /** Quotas of a network, its cost, and what its images are like. */
  record Case(Quotas quotas, StageCost cost, List<List<Float>> images, Set<Integer> restarts) {}

  @Provide
  Arbitrary<Case> cases() {
    return Arbitraries.integers().between(2, 5).flatMap(QuotaTest::casesOf);
  }

  private static Arbitrary<Case> casesOf(int exits) {
    Arbitrary<Quotas> quotas =
        Combinators.combine(
                Arbitraries.integers().between(1, 20),
                Arbitraries.doubles().between(0, 1).list().ofSize(exits - 1))
            .as((depth, shares) -> Quotas.of(depth, doubles(shares)));
    Arbitrary<StageCost> cost =
        Arbitraries.doubles()
            .between(0.01, 1)
            .list()
            .ofSize(exits)
            .map(
                stages -> {
                  double[] cumulative = doubles(stages);
                  for (int i = 1; i < exits; i++) {
                    cumulative[i] += cumulative[i - 1];
                  }
                  return StageCost.ofCumulative(cumulative);
                });
    // Runs of images that all want to continue, mixed with easy ones, are the worst a stream can
    // do.
    Arbitrary<List<Float>> image =
        Arbitraries.frequencyOf(
            net.jqwik.api.Tuple.of(3, Arbitraries.just(UNSURE).list().ofSize(exits - 1)),
            net.jqwik.api.Tuple.of(1, Arbitraries.just(SURE).list().ofSize(exits - 1)),
            net.jqwik.api.Tuple.of(2, Arbitraries.floats().between(0, 1).list().ofSize(exits - 1)));
    return Combinators.combine(
            quotas,
            cost,
            image.list().ofMinSize(1).ofMaxSize(300),
            Arbitraries.integers().between(0, 299).set().ofMaxSize(5))
        .as(Case::new);
  }

  @Property
  void cost_anyConsecutiveImagesAndRestarts_isAtMostBudgetAndSlack(@ForAll("cases") Case given) {
    double[] costs = new double[given.images().size()];
    Quota[] stages = fresh(given.quotas());
    for (int image = 0; image < costs.length; image++) {
      if (given.restarts().contains(image)) {
        stages = fresh(given.quotas());
      }
      costs[image] = given.cost().atExit(run(stages, given.images().get(image)));
    }

    assertThat(largestExcess(costs, given.quotas().budget(given.cost())))
        .isLessThanOrEqualTo(given.quotas().slack(given.cost(), 1) + ROUNDING);
  }

  @Property
  void continued_sharesChangeOnTheWay_neverMoreThanGrantedAndDepth(
      @ForAll @IntRange(min = 1, max = 30) int depth, @ForAll long seed) {
    Random random = new Random(seed);
    double share = random.nextDouble();
    Quota quota = new Quota(Quotas.of(depth, share), 1);
    double[] excess = new double[500];
    for (int image = 0; image < excess.length; image++) {
      double rise = 0;
      if (random.nextInt(20) == 0) {
        double next = random.nextDouble();
        rise = Math.max(0, next - share);
        share = next;
        quota.change(Quotas.of(depth, share));
      }
      excess[image] = (quota.continues(UNSURE, THRESHOLD) ? 1 : 0) - share - rise * depth;
    }

    assertThat(largestExcess(excess, 0)).isLessThanOrEqualTo(depth + ROUNDING);
  }

  @Test
  void change_toALargerShare_allowsItAtOnce() {
    Quota quota = new Quota(Quotas.of(64, 0.1), 1);
    for (int image = 0; image < 500; image++) {
      quota.continues(UNSURE, THRESHOLD);
    }
    quota.change(Quotas.of(64, 0.9));

    for (int image = 0; image < 20; image++) {
      assertThat(quota.continues(0.49f, THRESHOLD)).isTrue();
    }
  }

  @Property
  void continued_allWantTo_isTheShare(@ForAll @DoubleRange(min = 0, max = 1) double share) {
    Quota quota = new Quota(Quotas.of(32, share), 1);
    int continued = 0;
    for (int image = 0; image < 1000; image++) {
      continued += quota.continues(UNSURE, THRESHOLD) ? 1 : 0;
    }

    assertThat(continued).isBetween((int) Math.floor(1000 * share) - 1, (int) (1000 * share + 1));
  }

  @Test
  void continues_noQuota_followsTheThresholdAlone() {
    Quota quota = new Quota(Quotas.none(2), 1);
    for (int image = 0; image < 100; image++) {
      assertThat(quota.continues(0.49f, THRESHOLD)).isTrue();
      assertThat(quota.continues(0.5f, THRESHOLD)).isFalse();
    }
  }

  @Test
  void continues_bucketRunningLow_keepsTokensForTheLeastSure() {
    Quota quota = new Quota(Quotas.of(32, 0.5), 1);
    quota.continues(SURE, THRESHOLD);

    assertThat(quota.continues(0.49f, THRESHOLD)).isFalse();
    assertThat(quota.continues(0.40f, THRESHOLD)).isTrue();
  }

  @Test
  void budget_quotasOfExitShares_isTheirMeanCost() {
    double[] shares = {0.4, 0.3, 0.2, 0.1};
    StageCost cost = ReferenceEvidence.COST;
    double mean = 0;
    for (int exit = 1; exit <= 4; exit++) {
      mean += shares[exit - 1] * cost.atExit(exit);
    }

    assertThat(Quotas.holding(shares).budget(cost)).isEqualTo(mean, within(1e-12));
    assertThat(Quotas.none(4).budget(cost)).isEqualTo(1, within(1e-12));
    assertThat(Quotas.none(4).slack(cost, 1)).isZero();
  }

  @Test
  void slack_twoStages_isTheDepthTimesTheSecondStage() {
    StageCost cost = StageCost.ofCumulative(1, 4);

    assertThat(Quotas.of(8, 0.5).slack(cost, 1)).isEqualTo(6, within(1e-12));
  }

  @Test
  void of_outOfRange_isRefused() {
    assertThatThrownBy(() -> Quotas.of(0, 0.5)).hasMessageContaining("at least 1 is needed");
    assertThatThrownBy(() -> Quotas.of(1, 0.5, 1.5)).hasMessageContaining("within 0..1");
  }

  private static int run(Quota[] stages, List<Float> confidence) {
    int exit = 1;
    while (exit <= stages.length
        && stages[exit - 1].continues(confidence.get(exit - 1), THRESHOLD)) {
      exit++;
    }
    return exit;
  }

  private static Quota[] fresh(Quotas quotas) {
    Quota[] stages = new Quota[quotas.exits() - 1];
    for (int i = 0; i < stages.length; i++) {
      stages[i] = new Quota(quotas, i + 1);
    }
    return stages;
  }

  /** The largest sum of cost - budget over consecutive images. */
  static double largestExcess(double[] costs, double budget) {
    double ending = 0;
    double largest = 0;
    for (double cost : costs) {
      ending = Math.max(0, ending + cost - budget);
      largest = Math.max(largest, ending);
    }
    return largest;
  }

  private static double[] doubles(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }
}
