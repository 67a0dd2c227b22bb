package io.boostnet.flink.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.boostnet.flink.budget.replay.Drift;
import io.boostnet.flink.budget.replay.Load;
import io.boostnet.flink.budget.replay.Plant;
import io.boostnet.flink.budget.replay.Replay;
import io.boostnet.flink.budget.replay.Step;
import io.boostnet.flink.exit.Evidence;
import io.boostnet.flink.exit.Thresholds;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FixedBudgetControllerTest {

  private static final Frontier FRONTIER =
      new OptimalStopping().solve(ReferenceEvidence.validation(), ReferenceEvidence.COST);
  private static final Evidence TEST = ReferenceEvidence.test();
  private static final double RATE = 2000;
  private static final Evidence SHRUNK = Drift.inDifficulty(TEST, 1.7);
  private static final Evidence GROWN = Drift.inDifficulty(TEST, 0.6);

  @ParameterizedTest
  @CsvSource({"0.45, 1", "0.55, 2", "0.65, 3"})
  void cost_confidencesShrinkHalfWay_staysWithinOnePercentOverTheRun(
      double share, int parallelism) {
    Replay replay = drifting(Budget.fixed(share), parallelism, SHRUNK, 1).run(40);
    Replay untouched =
        drifting(Budget.constant(FRONTIER.at(share).thresholds()), parallelism, SHRUNK, 1).run(40);

    assertThat(replay.summary(0, 40).meanCost() / share).isEqualTo(1, within(0.01));
    assertThat(replay.summary(22, 40).meanCost() / share).isEqualTo(1, within(0.01));
    assertThat(untouched.summary(0, 40).meanCost() / share).isGreaterThan(1.04);
    assertThat(replay.summary(20, 40).accuracy())
        .isEqualTo(replay.summary(0, 20).accuracy(), within(0.015));
  }

  @Test
  void cost_confidencesGrow_comesBackToTheBudget() {
    Replay replay = drifting(Budget.fixed(0.55), 2, GROWN, 2).run(40);

    assertThat(replay.summary(23, 40).meanCost() / 0.55).isEqualTo(1, within(0.01));
    assertThat(replay.summary(23, 40).forcedShare()).isLessThan(0.02);
  }

  @Test
  void cost_anyConsecutiveImages_isWithinTheStatedBound() {
    Replay replay = drifting(Budget.fixed(0.55), 2, SHRUNK, 3).run(15);
    replay.restart();
    replay.run(15);
    Quotas quotas = replay.state().quotas();

    double promised = quotas.budget(ReferenceEvidence.COST);
    assertThat(promised).isEqualTo(1.04 * 0.55, within(1e-9));
    assertThat(QuotaTest.largestExcess(replay.costs(), promised))
        .isLessThanOrEqualTo(quotas.slack(ReferenceEvidence.COST, 2));
  }

  @Test
  void forcedExits_withoutDrift_areRare() {
    Replay replay = clean(Budget.fixed(0.55), 2, 4).run(30);

    assertThat(replay.summary(5, 30).forcedShare()).isLessThan(0.02);
    assertThat(replay.summary(0, 30).accuracy())
        .isEqualTo(
            OperatingPoint.measure(FRONTIER.at(0.55).thresholds(), TEST, ReferenceEvidence.COST)
                .accuracy(),
            within(0.008));
  }

  @Test
  void cost_budgetBeyondTheFrontier_isNotSpent() {
    Replay replay = clean(Budget.fixed(0.95), 1, 5).run(20);

    assertThat(replay.summary(5, 20).meanCost()).isEqualTo(FRONTIER.mostCost(), within(0.02));
    assertThat(replay.state().quotas().budget(ReferenceEvidence.COST))
        .isEqualTo(1.04 * 0.95, within(1e-9));
    assertThat(replay.summary(5, 20).forcedShare()).isLessThan(0.001);
  }

  @Test
  void cost_budgetBelowTheFirstExit_leavesThereAtOnce() {
    Replay replay = clean(Budget.fixed(0.2), 1, 6).run(5);

    assertThat(replay.summary(0, 5).meanCost())
        .isEqualTo(ReferenceEvidence.COST.atExit(1), within(1e-9));
  }

  @Test
  void step_stateOfAnotherPolicy_isRefused() {
    BudgetController controller = BudgetController.of(Budget.fixed(0.6), FRONTIER);
    ExitWindow window = clean(Budget.fixed(0.6), 1, 9).run(1).steps().get(0).window();
    ControlState other = BudgetController.of(Budget.keepUp(), FRONTIER).start();

    assertThatThrownBy(() -> controller.step(window, other))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the state remembers KeepUp, Shares is needed");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void step_sameWindowAndState_givesTheSame(long seed) {
    Replay one = clean(Budget.fixed(0.6), 2, seed).run(3);
    Replay other = clean(Budget.fixed(0.6), 2, seed).run(3);

    assertThat(one.state()).usingRecursiveComparison().isEqualTo(other.state());
  }

  @Test
  void step_windowWithoutImages_holds() {
    BudgetController controller = BudgetController.of(Budget.fixed(0.6), FRONTIER);
    ControlState state = controller.start();
    ExitWindow silent =
        new ExitWindow(
            250,
            250,
            1,
            new ExitWindow.Leaving(
                ExitDistribution.of(0, 0, 0, 0),
                ExitDistribution.of(0, 0, 0, 0),
                Collections.nCopies(3, ConfidenceHistogram.empty())),
            new ExitWindow.Work(new long[4], new long[4], 0),
            ExitWindow.Intake.nothing());

    Adjustment adjustment = controller.step(silent, state);

    assertThat(adjustment.changed()).isFalse();
    assertThat(adjustment.next()).usingRecursiveComparison().isEqualTo(state);
    assertThat(adjustment.reason()).isNotBlank();
  }

  @Test
  void step_stateOfAnotherNetwork_isRefused() {
    BudgetController controller = BudgetController.of(Budget.fixed(0.6), FRONTIER);
    ExitWindow window = clean(Budget.fixed(0.6), 1, 9).run(1).steps().get(0).window();
    ControlState other =
        BudgetController.of(Budget.constant(Thresholds.neverExit(1, 3)), FRONTIER).start();

    assertThatThrownBy(() -> controller.step(window, other))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("made for 4 exits, the window has 4 and the state 3");
  }

  @Test
  void versions_changes_growByOne() {
    Replay replay = drifting(Budget.fixed(0.5), 1, SHRUNK, 7).run(25);
    long version = 1;
    for (Step step : replay.steps()) {
      version += step.adjustment().changed() ? 1 : 0;
      assertThat(step.adjustment().next().thresholds().version()).isEqualTo(version);
    }
    assertThat(version).isGreaterThan(1);
  }

  @Test
  void state_writtenAndRead_goesOnAsBefore() throws Exception {
    Replay replay = clean(Budget.fixed(0.5), 1, 8).run(5);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(replay.state());
    }
    ControlState restored;
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      restored = (ControlState) in.readObject();
    }
    BudgetController controller = BudgetController.of(Budget.fixed(0.5), FRONTIER);
    List<Step> steps = replay.steps();
    ExitWindow next = steps.get(steps.size() - 1).window();

    assertThat(controller.step(next, restored).next())
        .usingRecursiveComparison()
        .isEqualTo(controller.step(next, replay.state()).next());
  }

  private static Replay clean(Budget budget, int subtasks, long seed) {
    return replay(budget, subtasks, Load.steady(RATE, TEST), seed);
  }

  private static Replay drifting(Budget budget, int subtasks, Evidence drifted, long seed) {
    return replay(budget, subtasks, Load.steady(RATE, TEST).withDrift(drifted, 20), seed);
  }

  private static Replay replay(Budget budget, int subtasks, Load load, long seed) {
    return new Replay(
        new Plant(ReferenceEvidence.COST, subtasks, 0.2e6),
        load,
        BudgetController.of(budget, FRONTIER),
        new Random(seed)::nextDouble,
        new Random(seed + 1)::nextDouble);
  }
}
