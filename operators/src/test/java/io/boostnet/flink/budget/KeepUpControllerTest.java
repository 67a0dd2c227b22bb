package io.boostnet.flink.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.boostnet.flink.budget.replay.Load;
import io.boostnet.flink.budget.replay.Plant;
import io.boostnet.flink.budget.replay.Replay;
import io.boostnet.flink.budget.replay.Step;
import io.boostnet.flink.exit.Evidence;
import io.boostnet.flink.exit.Thresholds;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeepUpControllerTest {

  private static final Frontier FRONTIER =
      new OptimalStopping().solve(ReferenceEvidence.validation(), ReferenceEvidence.COST);

  private static final Evidence TEST = ReferenceEvidence.test();

  /** 500 images a second and subtask at full depth. */
  private static final double FULL_NANOS = 2e6;

  private static final long WINDOW_MS = 250;
  private static final double MIN = 0.36;
  private static final double TARGET = 0.7;

  @ParameterizedTest
  @CsvSource({"1, 11", "2, 12", "2, 13", "4, 14"})
  void rate_doubles_settlesWithinThreeSecondsWithOneOvershootAtMost(int parallelism, long seed) {
    Replay replay = keepUp(parallelism, seed, s -> parallelism * (s < 10 ? 450 : 900)).run(40);
    double level =
        replay.between(25, 40).stream()
            .mapToDouble(KeepUpControllerTest::budget)
            .average()
            .orElseThrow();

    assertThat(replay.between(5, 10)).allMatch(step -> budget(step) == TARGET);
    assertThat(level).isBetween(0.4, 0.6);
    double mean =
        replay.between(13, 16).stream()
            .mapToDouble(KeepUpControllerTest::budget)
            .average()
            .orElseThrow();
    assertThat(mean).isEqualTo(level, within(0.1 * level));
    assertThat(overshoots(replay.between(10, 16), level)).isLessThanOrEqualTo(1);
    assertThat(replay.between(10, 40)).allMatch(step -> step.window().backlogAgeMs() < 2000);
    assertThat(replay.between(20, 40)).allMatch(step -> step.window().backlogAgeMs() < 500);
  }

  @Test
  void rate_burstEnds_restoresTheTargetWithinTenSecondsAndNotAtOnce() {
    Replay replay = keepUp(2, 21, s -> s > 10 && s < 20 ? 1900 : 800).run(40);

    assertThat(replay.between(20, 21)).allMatch(step -> budget(step) < 0.6);
    assertThat(replay.between(31, 40)).allMatch(step -> budget(step) == TARGET);
    double before = 0;
    for (Step step : replay.between(20.5, 40)) {
      assertThat(budget(step)).isGreaterThanOrEqualTo(before - 1e-9);
      before = budget(step);
    }
  }

  @Test
  void rate_beyondWhatTheLeastBudgetServes_staysAtTheLeastAndComesBack() {
    Replay replay = keepUp(1, 22, s -> s > 5 && s < 10 ? 2500 : 300).run(40);

    assertThat(replay.steps()).allMatch(step -> budget(step) >= MIN && budget(step) <= TARGET);
    assertThat(replay.between(7, 10)).allMatch(step -> budget(step) == MIN);
    assertThat(budget(replay.steps().get(replay.steps().size() - 1))).isEqualTo(TARGET);
    assertThat(replay.between(35, 40)).allMatch(step -> step.window().backlogAgeMs() < 500);
  }

  @Test
  void backlog_constantFullDepth_growsWithoutBoundWhereKeepUpDoesNot() {
    DoubleUnaryOperator overload = s -> 1300;
    Replay never =
        new Replay(
                new Plant(ReferenceEvidence.COST, 2, FULL_NANOS),
                new Load(overload, seconds -> TEST),
                BudgetController.of(Budget.constant(Thresholds.neverExit(1, 4)), FRONTIER),
                new Random(23)::nextDouble,
                new Random(23 + 1)::nextDouble)
            .run(30);
    Replay keepingUp = keepUp(2, 23, overload).run(30);

    assertThat(never.steps().get(119).window().backlogAgeMs()).isGreaterThan(5000);
    assertThat(keepingUp.between(5, 30)).allMatch(step -> step.window().backlogAgeMs() < 500);
    assertThat(keepingUp.summary(5, 30).accuracy())
        .isEqualTo(
            OperatingPoint.measure(
                    FRONTIER.at(keepingUp.summary(5, 30).meanCost()).thresholds(),
                    TEST,
                    ReferenceEvidence.COST)
                .accuracy(),
            within(0.01));
  }

  @Test
  void backlog_timeThatNoStageAccountsFor_isWorkedOffAllTheSame() {
    Replay replay =
        keepUp(
                new Plant(ReferenceEvidence.COST, 2, FULL_NANOS, 0.5e6),
                25,
                s -> s < 10 ? 500 : 1350)
            .run(40);

    assertThat(replay.steps()).allMatch(step -> step.window().backlogAgeMs() < 2000);
    assertThat(replay.between(20, 40)).allMatch(step -> step.window().backlogAgeMs() < 700);
    double stops = stops(replay.steps().get(replay.steps().size() - 1).adjustment().next());
    assertThat(stops * replay.state().memory(ControlMemory.KeepUp.class).machine().besideNanos())
        .isEqualTo(0.5e6, within(0.05e6));
  }

  @Test
  void adjustment_underLoad_saysWhatIsNeededAndItsPrice() {
    Replay replay = keepUp(2, 24, s -> 1500).run(10);
    Adjustment last = replay.steps().get(39).adjustment();

    assertThat(last.neededRate()).isEqualTo(1500, within(250.0));
    assertThat(last.price()).isGreaterThan(0);
  }

  @Test
  void arrivals_unevenOverSubtasks_theOneWithMostDecides() {
    Course even = new Course();
    Course uneven = new Course();

    even.windows(40, at -> windows(at, 800, 800));
    uneven.windows(40, at -> windows(at, 1200, 400));

    assertThat(even.budget()).isBetween(0.5, 0.6);
    assertThat(uneven.budget()).isEqualTo(even.budget() * 800 / 1200, within(0.03));
  }

  @Test
  void machine_stallsForOneWindow_budgetHardlyMoves() {
    Course course = new Course();
    double before = course.windows(40, at -> window(at, 800, 1));

    double afterStall = course.windows(1, at -> window(at, 800, 3));
    double lasting = course.windows(19, at -> window(at, 800, 1.5));

    assertThat(afterStall).isBetween(0.94 * before, before);
    assertThat(lasting).as("lasting slowness is met").isLessThan(0.8 * before);
  }

  @Test
  void arrivals_riseByHalfInOneWindow_areMetAtOnce() {
    Course course = new Course();
    double before = course.windows(40, at -> window(at, 700, 1));

    double atOnce = course.windows(1, at -> window(at, 1050, 1));
    double later = course.windows(19, at -> window(at, 1050, 1));

    assertThat(before).isGreaterThan(0.6);
    assertThat(atOnce).isEqualTo(later, within(0.01)).isLessThan(0.75 * before);
  }

  @Test
  void job_thatIsSlowWhenItStarts_isSoonBackAtItsTarget() {
    Course course = new Course();

    double slow = course.windows(8, at -> window(at, 50, 200, 5));
    double afterSixSeconds = course.windows(24, at -> window(at, 50, 200, 1));

    assertThat(slow).isLessThan(0.9 * TARGET);
    assertThat(afterSixSeconds).isEqualTo(TARGET);
  }

  @ParameterizedTest
  @ValueSource(doubles = {1.25, 0.6})
  void images_dearerOrCheaperOnAQuietThread_costUnderLoadWhatTheyDid(double slowness) {
    Course course = new Course();
    double level = course.windows(40, at -> window(at, 212, 850, 1));
    double afterAMinuteOfQuiet = course.windows(240, at -> window(at, 40, 160, slowness));

    double atOnce = course.windows(1, at -> window(at, 212, 850, 1));
    double least = atOnce;
    for (int i = 0; i < 39; i++) {
      least = Math.min(least, course.windows(1, at -> window(at, 212, 850, 1)));
    }

    assertThat(afterAMinuteOfQuiet).isEqualTo(TARGET);
    assertThat(atOnce).isCloseTo(level, withinPercentage(5));
    assertThat(least).isGreaterThan(0.95 * level);
    assertThat(course.budget()).isCloseTo(level, withinPercentage(2));
  }

  @Test
  void images_thatWereKnownTooDearUnderLoad_areSoonKnownBetter() {
    Course course = new Course();
    course.windows(40, at -> window(at, 100, 850, 1.25));

    double afterSixSeconds = course.windows(24, at -> window(at, 100, 850, 1));
    double level = course.windows(176, at -> window(at, 100, 850, 1));

    assertThat(afterSixSeconds).isCloseTo(level, withinPercentage(6));
  }

  @Test
  void machine_becomesSlowerOnAQuietThread_isKnownSoonUnderLoad() {
    Course course = new Course();
    course.windows(40, at -> window(at, 40, 160, 1));
    course.windows(40, at -> window(at, 40, 160, 1.25));

    double afterThreeSeconds = course.windows(12, at -> window(at, 212, 850, 1.25));
    double level = course.windows(148, at -> window(at, 212, 850, 1.25));

    assertThat(afterThreeSeconds).isCloseTo(level, withinPercentage(6));
  }

  @Test
  void thread_busyBesideTheCalls_isSoForEveryStopOfAnImage() {
    double besideNanos = 1e5;
    Course course = new Course();

    course.windows(80, at -> window(at, 100, 600, 1, besideNanos));

    double image = FULL_NANOS * course.budget() + besideNanos * stops(course.state);
    assertThat(image).as("9 tenths of a thread at 600/s").isCloseTo(1.5e6, withinPercentage(3));
  }

  @Test
  void machine_becomesSlower_isLearnedFromTheBusiestSubtask() {
    Course even = new Course();
    Course uneven = new Course();
    for (double slowness : new double[] {1, 1.2}) {
      LongFunction<ExitWindow> busy = at -> window(at, 100, 850, slowness);
      LongFunction<ExitWindow> idle = at -> window(at, 5, 20, slowness);
      even.windows(40, at -> ExitWindow.merge(List.of(busy.apply(at), busy.apply(at))));
      uneven.windows(40, at -> ExitWindow.merge(List.of(busy.apply(at), idle.apply(at))));
    }

    assertThat(even.budget()).isLessThan(0.9 * TARGET);
    assertThat(uneven.budget()).isCloseTo(even.budget(), withinPercentage(3));
  }

  /** A controller from its start on, window after window of {@value #WINDOW_MS} ms. */
  private static final class Course {

    private final BudgetController controller =
        BudgetController.of(Budget.keepUp().between(MIN, TARGET), FRONTIER);
    private ControlState state = controller.start();
    private long endMs;

    /** Goes on by so many windows, each made for its end, and tells the budget after them. */
    double windows(int count, LongFunction<ExitWindow> window) {
      for (int i = 0; i < count; i++) {
        endMs += WINDOW_MS;
        state = controller.step(window.apply(endMs), state).next();
      }
      return budget();
    }

    double budget() {
      return state.budget();
    }
  }

  /** Subtasks that leave everything at the last exit, at 500 images per second of work. */
  private static ExitWindow windows(long endMs, double... arrivals) {
    return ExitWindow.merge(
        Arrays.stream(arrivals).mapToObj(perSecond -> window(endMs, perSecond, 1)).toList());
  }

  /** One of them, on a machine that takes {@code slowness} times as long. */
  private static ExitWindow window(long endMs, double perSecond, double slowness) {
    return window(endMs, 100, perSecond, slowness);
  }

  private static ExitWindow window(long endMs, long images, double perSecond, double slowness) {
    return window(endMs, images, perSecond, slowness, 0);
  }

  /**
   * One whose thread is busy beside the calls, for so long at each stage and so long before them.
   */
  private static ExitWindow window(
      long endMs, long images, double perSecond, double slowness, double besideNanos) {
    ConfidenceHistogram.Recorder recorder = new ConfidenceHistogram.Recorder();
    for (int i = 0; i < images; i++) {
      recorder.record(0.3f);
    }
    ConfidenceHistogram seen = recorder.drain();
    long[] stageNanos = new long[4];
    Arrays.setAll(
        stageNanos,
        i -> (long) (images * ReferenceEvidence.COST.ofStage(i + 1) * FULL_NANOS * slowness));
    long busy = Arrays.stream(stageNanos).sum() + (long) (images * 5 * besideNanos);
    return new ExitWindow(
        endMs,
        WINDOW_MS,
        1,
        new ExitWindow.Leaving(
            ExitDistribution.of(0, 0, 0, images),
            ExitDistribution.of(0, 0, 0, 0),
            List.of(seen, seen, seen)),
        new ExitWindow.Work(stageNanos, new long[4], busy),
        ExitWindow.Intake.ofSubtask(perSecond, 0));
  }

  /** Stages that an image runs at a budget, on average, and one for its reading and writing. */
  private static double stops(ControlState state) {
    double stops = 1;
    double reaching = 1;
    for (double leaving : FRONTIER.sharesAt(state.budget())) {
      stops += reaching;
      reaching -= leaving;
    }
    return stops;
  }

  private static int overshoots(List<Step> steps, double level) {
    int overshoots = 0;
    boolean beyond = false;
    for (Step step : steps) {
      boolean now = budget(step) < 0.95 * level;
      overshoots += now && !beyond ? 1 : 0;
      beyond = now;
    }
    return overshoots;
  }

  private static double budget(Step step) {
    return step.adjustment().next().budget();
  }

  private static Replay keepUp(int subtasks, long seed, DoubleUnaryOperator rate) {
    return keepUp(new Plant(ReferenceEvidence.COST, subtasks, FULL_NANOS), seed, rate);
  }

  private static Replay keepUp(Plant plant, long seed, DoubleUnaryOperator rate) {
    return new Replay(
        plant,
        new Load(rate, seconds -> TEST),
        BudgetController.of(Budget.keepUp().between(MIN, TARGET), FRONTIER),
        new Random(seed)::nextDouble,
        new Random(seed + 1)::nextDouble);
  }
}
