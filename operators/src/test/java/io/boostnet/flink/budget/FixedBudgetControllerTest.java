package io.boostnet.flink.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.boostnet.flink.exit.Calibration;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.Collections;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FixedBudgetControllerTest {

  private static final Frontier FRONTIER =
      new OptimalStopping().solve(ReferenceEvidence.validation(), ReferenceEvidence.COST);
  private static final Calibration TEST = ReferenceEvidence.test();
  private static final DoubleUnaryOperator SHRINKING = seconds -> seconds < 20 ? 1 : 1.7;

  @ParameterizedTest
  @CsvSource({"0.45, 1", "0.55, 2", "0.65, 3"})
  void cost_confidencesShrinkHalfWay_staysWithinOnePercentOverTheRun(
      double share, int parallelism) {
    SimulatedPipeline pipeline =
        pipeline(Budget.fixed(share), parallelism, 1).withDrift(SHRINKING).run(40);
    SimulatedPipeline untouched =
        pipeline(Budget.constant(FRONTIER.at(share).thresholds()), parallelism, 1)
            .withDrift(SHRINKING)
            .run(40);

    assertThat(pipeline.meanCost(0, 40) / share).isEqualTo(1, within(0.01));
    assertThat(pipeline.meanCost(22, 40) / share).isEqualTo(1, within(0.01));
    assertThat(untouched.meanCost(0, 40) / share).isGreaterThan(1.04);
    assertThat(pipeline.accuracy(20, 40)).isEqualTo(pipeline.accuracy(0, 20), within(0.015));
  }

  @Test
  void cost_confidencesGrow_comesBackToTheBudget() {
    SimulatedPipeline pipeline =
        pipeline(Budget.fixed(0.55), 2, 2).withDrift(s -> s < 20 ? 1 : 0.6).run(40);

    assertThat(pipeline.meanCost(23, 40) / 0.55).isEqualTo(1, within(0.01));
    assertThat(pipeline.forcedShare(23, 40)).isLessThan(0.02);
  }

  @Test
  void cost_anyConsecutiveImagesOfASubtask_isWithinTheStatedBound() {
    SimulatedPipeline pipeline = pipeline(Budget.fixed(0.55), 2, 3).withDrift(SHRINKING).run(15);
    pipeline.restart();
    pipeline.run(15);
    Quotas quotas = pipeline.state().quotas();

    assertThat(quotas.budget(ReferenceEvidence.COST)).isEqualTo(0.55, within(1e-9));
    for (int subtask = 0; subtask < 2; subtask++) {
      double[] costs = pipeline.costs(subtask).stream().mapToDouble(Double::doubleValue).toArray();
      assertThat(QuotaTest.largestExcess(costs, 0.55))
          .isLessThanOrEqualTo(quotas.slack(ReferenceEvidence.COST));
    }
  }

  @Test
  void forcedExits_withoutDrift_areRare() {
    SimulatedPipeline pipeline = pipeline(Budget.fixed(0.55), 2, 4).run(30);

    assertThat(pipeline.forcedShare(5, 30)).isLessThan(0.02);
    assertThat(pipeline.accuracy(0, 30))
        .isEqualTo(
            OperatingPoint.measure(FRONTIER.at(0.55).thresholds(), TEST, ReferenceEvidence.COST)
                .accuracy(),
            within(0.008));
  }

  @Test
  void cost_budgetBeyondTheFrontier_isNotSpent() {
    SimulatedPipeline pipeline = pipeline(Budget.fixed(0.95), 1, 5).run(20);

    assertThat(pipeline.meanCost(5, 20)).isEqualTo(FRONTIER.mostCost(), within(0.02));
    assertThat(pipeline.state().quotas().budget(ReferenceEvidence.COST))
        .isEqualTo(0.95, within(1e-9));
    assertThat(pipeline.forcedShare(5, 20)).isLessThan(0.001);
  }

  @Test
  void cost_budgetBelowTheFirstExit_leavesThereAtOnce() {
    SimulatedPipeline pipeline = pipeline(Budget.fixed(0.2), 1, 6).run(5);

    assertThat(pipeline.meanCost(0, 5)).isEqualTo(ReferenceEvidence.COST.atExit(1), within(1e-9));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void step_sameWindowAndState_givesTheSame(long seed) {
    SimulatedPipeline one = pipeline(Budget.fixed(0.6), 2, seed).run(3);
    SimulatedPipeline other = pipeline(Budget.fixed(0.6), 2, seed).run(3);

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
            ExitDistribution.of(0, 0, 0, 0),
            0,
            Collections.nCopies(3, ConfidenceHistogram.empty()),
            new long[4],
            new long[4],
            0,
            0);

    Adjustment adjustment = controller.step(silent, state);

    assertThat(adjustment.changed()).isFalse();
    assertThat(adjustment.next()).usingRecursiveComparison().isEqualTo(state);
    assertThat(adjustment.reason()).isNotBlank();
  }

  @Test
  void versions_changes_growByOne() {
    SimulatedPipeline pipeline = pipeline(Budget.fixed(0.5), 1, 7).withDrift(SHRINKING).run(25);
    long version = 1;
    for (SimulatedPipeline.Step step : pipeline.steps()) {
      version += step.adjustment().changed() ? 1 : 0;
      assertThat(step.adjustment().next().thresholds().version()).isEqualTo(version);
    }
    assertThat(version).isGreaterThan(1);
  }

  @Test
  void state_writtenAndRead_goesOnAsBefore() throws Exception {
    SimulatedPipeline pipeline = pipeline(Budget.fixed(0.5), 1, 8).run(5);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(pipeline.state());
    }
    ControlState restored;
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      restored = (ControlState) in.readObject();
    }
    BudgetController controller = BudgetController.of(Budget.fixed(0.5), FRONTIER);
    List<SimulatedPipeline.Step> steps = pipeline.steps();
    ExitWindow next = steps.get(steps.size() - 1).window();

    assertThat(controller.step(next, restored).next())
        .usingRecursiveComparison()
        .isEqualTo(controller.step(next, pipeline.state()).next());
  }

  private static SimulatedPipeline pipeline(Budget budget, int parallelism, long seed) {
    return new SimulatedPipeline(
            TEST,
            ReferenceEvidence.COST,
            BudgetController.of(budget, FRONTIER),
            parallelism,
            0.2e6,
            seed)
        .withRate(seconds -> 2000);
  }
}
