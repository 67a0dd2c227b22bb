package io.boostnet.flink.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.boostnet.flink.budget.replay.Load;
import io.boostnet.flink.budget.replay.Plant;
import io.boostnet.flink.budget.replay.Replay;
import io.boostnet.flink.budget.replay.Step;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Keep-up with producers whose clocks are wrong: what is spent is what the load leaves all the
 * same.
 */
class KeepUpClockTest {

  private static final Frontier FRONTIER =
      new OptimalStopping().solve(ReferenceEvidence.validation(), ReferenceEvidence.COST);

  private static final double FULL_NANOS = 2e6;
  private static final double MIN = 0.36;
  private static final double TARGET = 0.7;
  private static final double QUIET = 300;
  private static final double BUSY = 900;

  /** What a clock shows at a time, both in milliseconds. */
  private enum Clock {
    RIGHT(ms -> ms),
    CONSTANT(ms -> 0),
    BACKWARD(ms -> -ms),
    SLOW(ms -> ms / 4),
    SLOW_REPLAY(ms -> ms / 4 - 86_400_000),
    FAST(ms -> 4 * ms),
    HOUR_BEHIND(ms -> ms - 3_600_000),
    HOUR_AHEAD(ms -> ms + 3_600_000),
    /** Log-append time of a broker whose clock is five minutes behind. */
    LOG_APPEND(ms -> ms - 300_000),
    MISSING(ms -> -1e15);

    private final DoubleUnaryOperator shows;

    Clock(DoubleUnaryOperator shows) {
      this.shows = shows;
    }

    boolean isTold() {
      return this != RIGHT && this != MISSING;
    }
  }

  @ParameterizedTest
  @EnumSource
  void budget_threadWithTimeToSpare_isTheTarget(Clock clock) {
    Replay replay = keepUp(1, s -> QUIET, (subtask, ms) -> clock.shows.applyAsDouble(ms)).run(20);

    assertThat(replay.between(5, 20)).allMatch(step -> budget(step) == TARGET);
    Step last = replay.steps().get(replay.steps().size() - 1);
    assertThat(last.adjustment().neededRate()).isEqualTo(QUIET, within(0.15 * QUIET));
    assertThat(last.window().intake().offClocks()).hasSize(clock.isTold() ? 1 : 0);
  }

  @ParameterizedTest
  @EnumSource
  void budget_loadBeyondTheTarget_isWhatARightClockWouldLeave(Clock clock) {
    DoubleUnaryOperator burst = s -> s < 15 ? QUIET : s < 45 ? BUSY : QUIET;
    double level = mean(keepUp(1, burst, (subtask, ms) -> ms).run(45).between(25, 45));

    Replay replay = keepUp(1, burst, (subtask, ms) -> clock.shows.applyAsDouble(ms)).run(60);

    assertThat(mean(replay.between(25, 45))).isEqualTo(level, within(0.08 * level));
    assertThat(replay.between(15, 45)).allMatch(step -> step.waitingMs() < 2500);
    assertThat(replay.between(25, 45)).allMatch(step -> step.waitingMs() < 1000);
    assertThat(replay.between(51, 60)).allMatch(step -> budget(step) == TARGET);
  }

  @Test
  void needed_oneOfTwoSubtasksAnHourBehind_isWhatArrives() {
    Replay replay =
        keepUp(2, s -> 2 * QUIET, (subtask, ms) -> subtask == 0 ? ms : ms - 3_600_000).run(20);

    assertThat(replay.between(5, 20)).allMatch(step -> budget(step) == TARGET);
    assertThat(replay.between(5, 20)).allMatch(step -> step.window().backlogAgeMs() < 1000);
    assertThat(replay.between(5, 20)).allMatch(step -> step.adjustment().neededRate() < 4 * QUIET);
    List<Step> steps = replay.steps();
    assertThat(steps.get(steps.size() - 1).window().intake().offClocks())
        .extracting(clock -> clock.partition())
        .containsExactly(1);
  }

  private static double mean(List<Step> steps) {
    return steps.stream().mapToDouble(KeepUpClockTest::budget).average().orElseThrow();
  }

  private static double budget(Step step) {
    return step.adjustment().next().budget();
  }

  private static Replay keepUp(int subtasks, DoubleUnaryOperator rate, Load.Clock clock) {
    return new Replay(
        new Plant(ReferenceEvidence.COST, subtasks, FULL_NANOS),
        Load.steady(1, ReferenceEvidence.test()).atRate(rate).stamped(clock),
        BudgetController.of(Budget.keepUp().between(MIN, TARGET), FRONTIER),
        new Random(31)::nextDouble,
        new Random(32)::nextDouble);
  }
}
