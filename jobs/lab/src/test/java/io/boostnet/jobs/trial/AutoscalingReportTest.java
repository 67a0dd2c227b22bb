package io.boostnet.jobs.trial;

import static org.assertj.core.api.Assertions.assertThat;

import io.boostnet.jobs.trial.AutoscalingReport.Scaling;
import io.boostnet.jobs.trial.AutoscalingReport.Times;
import io.boostnet.jobs.trial.AutoscalingReport.Verdict;
import io.boostnet.jobs.trial.Course.Step;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AutoscalingReportTest {

  private static final Times TIMES = new Times(50, 160, 270, 0.6);
  private static final Course SLOTS =
      course(step(0, 1), step(80, 0), step(84, 2), step(210, 0), step(213, 1));
  private static final Course WAITS =
      course(step(0, 0.1), step(51, 0.8), step(75, 9), step(90, 0.3));
  private static final Course BUDGETS = course(step(0, 0.6), step(51, 0.4), step(95, 0.6));

  @Test
  void judge_asItShouldBe_passes() {
    Verdict verdict = judge(SLOTS, BUDGETS, WAITS);

    assertThat(verdict).isEqualTo(new Verdict(1, 0.8, 28, 12, 17, 49, 0.6, false, true));
  }

  @Test
  void judge_budgetJustShortOfTheTarget_isBackButNotEnoughToScaleIn() {
    Verdict verdict = judge(SLOTS, course(step(0, 0.6), step(51, 0.4), step(95, 0.58)), WAITS);

    assertThat(verdict.returnedAfter()).isEqualTo(17);
    assertThat(verdict.passed()).isFalse();
  }

  @Test
  void judge_loweredLate_fails() {
    Verdict verdict = judge(SLOTS, course(step(0, 0.6), step(56, 0.4), step(95, 0.6)), WAITS);

    assertThat(verdict.loweredAfter()).isEqualTo(6);
    assertThat(verdict.passed()).isFalse();
  }

  @Test
  void judge_loweredBeforeTheRise_fails() {
    Verdict verdict = judge(SLOTS, course(step(0, 0.6), step(49, 0.4), step(95, 0.6)), WAITS);

    assertThat(verdict.loweredAfter()).isNaN();
    assertThat(verdict.passed()).isFalse();
  }

  @Test
  void judge_longWaitBeforeTheRestart_fails() {
    Course waits = course(step(0, 0.1), step(60, 2.5), step(62, 0.1));

    assertThat(judge(SLOTS, BUDGETS, waits).passed()).isFalse();
  }

  @Test
  void judge_backlogStays_fails() {
    Course waits = course(step(0, 0.1), step(75, 9), step(90, 3));
    Verdict verdict = judge(SLOTS, BUDGETS, waits);

    assertThat(verdict.drainedAfter()).isInfinite();
    assertThat(verdict.passed()).isFalse();
  }

  @Test
  void judge_qualityDoesNotReturn_fails() {
    Verdict verdict = judge(SLOTS, course(step(0, 0.6), step(51, 0.4), step(165, 0.6)), WAITS);

    assertThat(verdict.returnedAfter()).isInfinite();
    assertThat(verdict.passed()).isFalse();
  }

  @Test
  void judge_scaledInWhileLowered_fails() {
    Course dip = course(step(0, 0.6), step(51, 0.4), step(95, 0.6), step(200, 0.5), step(202, 0.6));
    Verdict verdict = judge(SLOTS, dip, WAITS);

    assertThat(verdict.budgetBeforeFewer()).isEqualTo(0.5);
    assertThat(verdict.passed()).isFalse();
  }

  @Test
  void judge_fewerSlotsWithoutADecision_fails() {
    List<Step> steps = new ArrayList<>(SLOTS.steps());
    steps.add(3, step(120, 1));
    steps.add(4, step(130, 2));
    Verdict verdict = judge(new Course(steps), BUDGETS, WAITS);

    assertThat(verdict.fewerUndecided()).isTrue();
    assertThat(verdict.passed()).isFalse();
  }

  @Test
  void judge_frameMissingOrDoubled_fails() {
    assertThat(judge(SLOTS, BUDGETS, WAITS, false).passed()).isFalse();
  }

  private static Verdict judge(Course slots, Course budgets, Course waits) {
    return judge(slots, budgets, waits, true);
  }

  private static Verdict judge(Course slots, Course budgets, Course waits, boolean complete) {
    List<Scaling> scalings =
        List.of(
            AutoscalingReport.scaling(78, 1, 2, budgets),
            AutoscalingReport.scaling(209, 2, 1, budgets));
    return AutoscalingReport.judge(TIMES, scalings, slots, budgets, waits, complete);
  }

  private static Step step(double at, double value) {
    return new Step(at, value);
  }

  private static Course course(Step... steps) {
    return new Course(List.of(steps));
  }
}
