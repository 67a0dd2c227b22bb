package io.boostnet.flink.coordination;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.boostnet.flink.budget.Adjustment;
import io.boostnet.flink.budget.Budget;
import io.boostnet.flink.budget.BudgetController;
import io.boostnet.flink.budget.ConfidenceHistogram;
import io.boostnet.flink.budget.ControlState;
import io.boostnet.flink.budget.ExitWindow;
import io.boostnet.flink.budget.QuotaUse;
import io.boostnet.flink.exit.Thresholds;
import io.boostnet.flink.model.OffClock;
import io.boostnet.flink.model.StageCost;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.apache.flink.runtime.executiongraph.ExecutionAttemptID;
import org.apache.flink.runtime.messages.Acknowledge;
import org.apache.flink.runtime.operators.coordination.OperatorCoordinator.SubtaskGateway;
import org.apache.flink.runtime.operators.coordination.OperatorEvent;
import org.apache.flink.util.clock.ManualClock;
import org.junit.jupiter.api.Test;

class PipelineControlTest {

  private static final StageCost COST = StageCost.ofCumulative(1, 2);
  private static final Duration INTERVAL = Duration.ofMillis(250);

  private final ManualClock clock = new ManualClock(1_000_000_000L);
  private final List<ExitWindow> windows = new ArrayList<>();
  private final PipelineControl control = control("a budget");
  private QuotaUse use = QuotaUse.NONE;
  private long slowestNanos = 5;
  private ExitWindow.Intake intake = ExitWindow.Intake.ofSubtask(100, 700);

  /** Makes a change of every window, and keeps the windows. */
  private record Recording(List<ExitWindow> windows) implements BudgetController {
    private static final long serialVersionUID = 1;

    @Override
    public ControlState start() {
      return BudgetController.of(Budget.constant(Thresholds.of(1, 0.5, 0)), null).start();
    }

    @Override
    public Adjustment step(ExitWindow window, ControlState current) {
      windows.add(window);
      long version = current.thresholds().version() + 1;
      ControlState next =
          new ControlState(
              Thresholds.of(version, 0.6, 0),
              current.quotas(),
              current.reserveNanos(),
              current.budget(),
              current.memory());
      return new Adjustment(next, true, "a window came", 0, 100);
    }
  }

  /** Keeps what is sent to a subtask. */
  private static final class Inbox implements SubtaskGateway {
    final List<ThresholdUpdate> updates = new ArrayList<>();
    final List<QuotaGrant> grants = new ArrayList<>();

    @Override
    public CompletableFuture<Acknowledge> sendEvent(OperatorEvent event) {
      if (event instanceof QuotaGrant grant) {
        grants.add(grant);
      } else {
        updates.add((ThresholdUpdate) event);
      }
      return CompletableFuture.completedFuture(Acknowledge.get());
    }

    @Override
    public ExecutionAttemptID getExecution() {
      return ExecutionAttemptID.randomId();
    }

    @Override
    public int getSubtask() {
      return 0;
    }

    long version() {
      return updates.get(updates.size() - 1).thresholds().version();
    }
  }

  private PipelineControl control(String policy) {
    return new PipelineControl(
        new ControlPlan("pipeline", policy, new Recording(windows), COST, INTERVAL), clock);
  }

  private Inbox ready(int stage, int subtask) {
    Inbox inbox = new Inbox();
    control.ready(stage, subtask, inbox);
    return inbox;
  }

  private void pass(long ms) {
    clock.advanceTime(Duration.ofMillis(ms));
  }

  /** A task of one stage reports. */
  private void report(int subtask, int stage, long exits) {
    control.report(stage, subtask, new TaskReport(ofStage(stage, exits)));
  }

  private List<TaskReport.Part> ofStage(int stage, long exits) {
    return List.of(
        new ExitReport(
            stage,
            exits,
            0,
            ConfidenceHistogram.empty(),
            stage * 10_000_000L,
            slowestNanos,
            quota(stage),
            new long[] {0, exits}),
        stage == 1
            ? new IntakeReport(200_000_000, intake, 0)
            : new AuditReport(new long[] {10}, new long[] {9}));
  }

  private QuotaUse quota(int stage) {
    return stage == 1 ? use : QuotaUse.NONE;
  }

  private TaskReport ofBothStages() {
    return new TaskReport(Stream.of(ofStage(1, 3), ofStage(2, 4)).flatMap(List::stream).toList());
  }

  @Test
  void costOf_priority_isTheMeanOfItsFrames() {
    ControlPlan plan =
        new ControlPlan("pipeline", "policy", new Recording(windows), COST, INTERVAL)
            .withPriorities(List.of("gate", "others"), "priorities gate=4");
    PipelineControl weighing = new PipelineControl(plan, clock);
    weighing.ready(1, 0, new Inbox());
    weighing.ready(2, 0, new Inbox());
    pass(250);
    weighing.report(2, 0, new TaskReport(ofStage(2, 4000)));
    weighing.report(1, 0, new TaskReport(ofStage(1, 3000)));

    assertThat(weighing.costOf(0)).isNaN();
    assertThat(weighing.costOf(1))
        .as("however many frames came with each report")
        .isEqualTo((3 * COST.atExit(1) + 4 * COST.atExit(2)) / 7, within(1e-9));
    pass(250);
    weighing.report(1, 0, new TaskReport(ofStage(1, 3000)));
    assertThat(weighing.costOf(1)).as("older ones fade").isEqualTo(COST.atExit(1), within(0.01));
  }

  @Test
  void stagesOfOneTask_thatReportTogether_areToldThroughTheFirst() {
    Inbox first = ready(1, 0);
    Inbox second = ready(2, 0);
    pass(250);

    control.report(1, 0, ofBothStages());

    assertThat(windows.get(0).images()).isEqualTo(7);
    assertThat(first.version()).isEqualTo(2);
    assertThat(second.version()).isEqualTo(1);
  }

  @Test
  void aNewAttempt_isToldByItself_thoughTheOneBeforeReportedThroughAnother() {
    ready(1, 0);
    ready(2, 0);
    pass(250);
    control.report(1, 0, ofBothStages());
    control.gone(1, 0);
    control.gone(2, 0);

    assertThat(ready(1, 0).version()).isEqualTo(2);
    assertThat(ready(2, 0).version()).isEqualTo(2);
  }

  @Test
  void oneDecision_onceEverySubtaskHasReported_forAllStagesOfAll() {
    List<Inbox> all = List.of(ready(1, 0), ready(1, 1), ready(2, 0), ready(2, 1));
    pass(250);
    report(0, 2, 3);
    report(0, 1, 7);
    report(1, 2, 4);
    assertThat(windows).isEmpty();

    report(1, 1, 6);

    assertThat(windows).hasSize(1);
    ExitWindow window = windows.get(0);
    assertThat(window.exits().shares()).containsExactly(0.65, 0.35);
    assertThat(window.subtasks()).isEqualTo(2);
    assertThat(window.intake().arrivalsPerSecond()).isEqualTo(200);
    assertThat(window.spanMs()).isEqualTo(250);
    assertThat(all).allMatch(inbox -> inbox.updates.size() == 2 && inbox.version() == 2);
    assertThat(control.measured().meanCost()).isEqualTo(0.675);
    assertThat(control.measured().auditAgreement()[0]).isCloseTo(0.9, within(1e-9));
  }

  @Test
  void timesOfStagesAndOfTheThread_areBothKnown() {
    ready(1, 0);
    pass(250);
    report(0, 2, 1);
    report(0, 1, 1);
    assertThat(windows.get(0).work().stageNanos()).containsExactly(10_000_000, 20_000_000);
    assertThat(windows.get(0).utilization()).isEqualTo(0.8);
  }

  @Test
  void lateSubtask_isNotWaitedForLong_andItsBacklogGrows() {
    ready(1, 0);
    ready(1, 1);
    pass(250);
    report(0, 1, 5);
    report(1, 1, 5);
    pass(250);
    report(0, 1, 5);
    assertThat(windows).hasSize(1);
    pass(250);
    report(0, 1, 5);

    assertThat(windows).hasSize(2);
    assertThat(windows.get(1).subtasks()).isEqualTo(2);
    assertThat(windows.get(1).intake().arrivalsPerSecond()).isEqualTo(200);
    assertThat(windows.get(1).backlogAgeMs()).isEqualTo(700 + 500);
  }

  /** Else the time to reserve would fall while the slowest subtask is held up. */
  @Test
  void lateSubtask_standsWithTheStageTimesThatItLastReported() {
    ready(1, 0);
    ready(1, 1);
    pass(250);
    report(0, 1, 5);
    slowestNanos = 40;
    report(1, 1, 5);
    slowestNanos = 7;
    pass(500);
    report(0, 1, 5);
    pass(250);
    report(0, 1, 5);
    report(1, 1, 5);

    assertThat(windows)
        .extracting(window -> window.work().slowestStageNanos()[0])
        .containsExactly(40L, 40L, 7L);
  }

  @Test
  void silentSubtask_isLeftOut_untilItReportsAgain() {
    ready(1, 0);
    ready(1, 1);
    for (int i = 0; i < 22; i++) {
      pass(250);
      report(0, 1, 5);
    }
    assertThat(windows.get(windows.size() - 1).subtasks()).isEqualTo(1);
    pass(250);
    report(1, 1, 5);
    report(0, 1, 5);
    assertThat(windows.get(windows.size() - 1).subtasks()).isEqualTo(2);
  }

  @Test
  void restartedSubtask_getsTheSettingsInForce_andOldReportsAreDropped() {
    ready(1, 0);
    Inbox before = ready(1, 1);
    pass(250);
    report(0, 1, 5);
    report(1, 1, 5);
    control.gone(1, 1);
    report(1, 1, 99);
    pass(250);
    report(0, 1, 5);
    assertThat(windows.get(1).images()).isEqualTo(5);
    assertThat(before.version()).isEqualTo(2);

    assertThat(ready(1, 1).version()).isEqualTo(3);
  }

  @Test
  void whatOneSubtaskSpares_isGrantedToTheOneThatLacksIt_throughItsSpeaker() {
    Inbox hard = ready(1, 0);
    Inbox easy = ready(1, 1);
    pass(250);
    use = new QuotaUse(0, 2, 0);
    report(0, 1, 5);
    use = new QuotaUse(0.75, 0, 0);
    report(1, 1, 5);

    assertThat(hard.grants).hasSize(1);
    assertThat(hard.grants.get(0).at(1)).isEqualTo(0.75);
    assertThat(hard.grants.get(0).at(2)).as("the last stage has no quota").isZero();
    assertThat(easy.grants).isEmpty();
  }

  @Test
  void clockThatGoesOff_andRightAgain_isTold_onceEach() {
    Inbox inbox = ready(1, 0);
    OffClock off = new OffClock("frames", 3, 3_600_000);
    for (List<OffClock> clocks : List.of(List.of(off), List.of(off), List.<OffClock>of())) {
      pass(250);
      intake = new ExitWindow.Intake(100, 100, 0, clocks);
      report(0, 1, 5);
    }

    assertThat(inbox.updates.stream().skip(1).map(update -> update.change().reason()))
        .containsExactly(
            "the timestamps of frames-3 3600.0 s behind are not believed; a window came",
            "a window came",
            "the timestamps of frames-3 go right again; a window came");
    assertThat(inbox.updates.get(2).change().measured().offClocks()).containsExactly(off);
  }

  @Test
  void checkpoint_bringsBackTheStateAndTheVersion() throws IOException {
    ready(1, 0);
    pass(250);
    report(0, 1, 5);
    byte[] saved = control.snapshot();

    PipelineControl restored = control("a budget");
    restored.restore(saved);

    Inbox inbox = new Inbox();
    restored.ready(1, 0, inbox);
    assertThat(inbox.updates.get(0).thresholds()).isEqualTo(Thresholds.of(2, 0.6, 0));
  }

  @Test
  void checkpointOfAnotherPolicy_startsAnew_underALargerVersion() throws IOException {
    ready(1, 0);
    pass(250);
    report(0, 1, 5);
    byte[] saved = control.snapshot();

    PipelineControl restored = control("another budget");
    restored.restore(saved);

    Inbox inbox = new Inbox();
    restored.ready(1, 0, inbox);
    assertThat(inbox.updates.get(0).thresholds()).isEqualTo(Thresholds.of(3, 0.5, 0));
  }

  @Test
  void noCheckpoint_isTheStart() throws IOException {
    control.restore(null);
    assertThat(ready(1, 0).version()).isEqualTo(1);
  }

  @Test
  void timeWithoutSubtasks_isNoPartOfTheFirstWindowAfterIt() {
    ready(1, 0);
    control.gone(1, 0);
    pass(60_000);
    ready(1, 0);
    ready(1, 1);
    pass(200);
    report(0, 1, 10);
    assertThat(windows).as("the other has not reported yet").isEmpty();

    report(1, 1, 10);

    assertThat(windows).hasSize(1);
    assertThat(windows.get(0).spanMs()).isEqualTo(200);
  }

  @Test
  void stateOfAnUnknownFormat_isRefused() {
    assertThatThrownBy(() -> control.restore(new byte[] {0, 0, 0, 9}))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("format 9");
  }
}
