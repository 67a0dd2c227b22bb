package io.boostnet.flink.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.boostnet.flink.budget.Budget;
import io.boostnet.flink.budget.BudgetController;
import io.boostnet.flink.budget.Quotas;
import io.boostnet.flink.coordination.ControlPlan;
import io.boostnet.flink.coordination.ThresholdUpdate;
import io.boostnet.flink.exit.Thresholds;
import io.boostnet.flink.inference.InferenceException;
import io.boostnet.flink.model.Audit;
import io.boostnet.flink.model.InFlightSample;
import io.boostnet.flink.model.Outcome;
import io.boostnet.flink.model.Rejection;
import io.boostnet.flink.model.StageCost;
import io.boostnet.flink.model.ThresholdChange;
import io.boostnet.flink.options.MicroBatching;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.apache.flink.runtime.operators.coordination.OperatorEventHandler;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StageOperatorTest {

  private static final MicroBatching FOUR = new MicroBatching(4, Duration.ofMillis(20));

  /** Confidence at which a frame leaves; 3 gives 0.95, 0.1 gives 0.52. */
  private static final Thresholds THRESHOLDS = Thresholds.of(1, 0.9, 0.9, 0);

  private static final StageCost COST = StageCost.ofCumulative(1, 2, 3);

  private static final float EASY = 3;
  private static final float HARD = 0.1f;

  private OneInputStreamOperatorTestHarness<InFlightSample, InFlightSample> harness;
  private StageControl control = control(0);

  private static StageControl control(double auditShare) {
    return control(auditShare, Duration.ofMillis(100));
  }

  private static StageControl control(double auditShare, Duration allowed) {
    BudgetController constant = BudgetController.of(Budget.constant(THRESHOLDS), null);
    return new StageControl(
        new ControlPlan("test", "constant", constant, COST, ControlPlan.DEFAULT_INTERVAL),
        auditShare,
        allowed);
  }

  /** An operator with what the coordinator would send it. */
  private void tell(Thresholds thresholds, Quotas quotas, long... reserveNanos) throws Exception {
    ThresholdChange change =
        new ThresholdChange(
            thresholds.version(),
            1,
            "because",
            thresholds.toArray(),
            quotas.toArray(),
            ThresholdChange.Measured.nothing(0.5));
    ((OperatorEventHandler) harness.getOperator())
        .handleOperatorEvent(new ThresholdUpdate(thresholds, quotas, reserveNanos, change));
  }

  @BeforeEach
  void reset() {
    FakeCascade.reset();
  }

  @AfterEach
  void everythingIsClosed() throws Exception {
    if (harness != null) {
      harness.close();
    }
    assertThat(FakeCascade.OPEN_RUNNERS).hasValue(0);
    assertThat(FakeCascade.OPEN_BATCHES).hasValue(0);
  }

  private void open(int stage, MicroBatching batching) throws Exception {
    harness =
        new OneInputStreamOperatorTestHarness<>(
            new StageOperatorFactory(new FakeCascade.Factory(stage), batching, control));
    harness.getExecutionConfig().enableObjectReuse();
    harness.setup(InFlightSampleSerializer.INSTANCE);
    harness.open();
  }

  private void send(long number, float value) throws Exception {
    harness.processElement(new StreamRecord<>(FakeCascade.sample(number, value), number));
  }

  private List<Outcome> outcomes() {
    Queue<StreamRecord<Outcome>> records = harness.getSideOutput(StageTags.OUTCOMES);
    return records == null ? List.of() : records.stream().map(StreamRecord::getValue).toList();
  }

  private List<Long> left() {
    return outcomes().stream().map(outcome -> outcome.ticket().number()).toList();
  }

  private List<Long> survivors() {
    List<Long> numbers = new ArrayList<>();
    for (Object element : harness.getOutput()) {
      if (element instanceof StreamRecord<?> record) {
        numbers.add(((InFlightSample) record.getValue()).ticket().number());
      }
    }
    return numbers;
  }

  @Test
  void auto_withDeadlines_callsOfAllStagesTogetherTakeALinger() throws Exception {
    MicroBatching auto = MicroBatching.auto().withLinger(Duration.ofMillis(6));

    open(1, auto);
    for (int i = 0; i < 4; i++) {
      send(i, EASY);
    }

    assertThat(FakeCascade.CALLS).containsExactly(4); // the largest of which a call takes 2 ms
  }

  @Test
  void auto_withoutDeadlines_aCallTakesALinger() throws Exception {
    control = control(0, Duration.ZERO);
    MicroBatching auto = MicroBatching.auto().withLinger(Duration.ofMillis(6));

    open(1, auto);
    for (int i = 0; i < 8; i++) {
      send(i, EASY);
    }

    assertThat(FakeCascade.CALLS).containsExactly(8);
  }

  @Test
  void fullBatch_isRunAtOnce_andSplitsIntoExitsAndSurvivors() throws Exception {
    open(1, FOUR);
    send(0, EASY);
    send(1, HARD);
    send(2, EASY);
    assertThat(FakeCascade.CALLS).isEmpty();

    send(3, HARD);

    assertThat(FakeCascade.CALLS).containsExactly(4);
    assertThat(left()).containsExactly(0L, 2L);
    assertThat(survivors()).containsExactly(1L, 3L);
    assertThat(outcomes().get(0).decision().exit()).isEqualTo(1);
    assertThat(outcomes().get(0).decision().thresholdsVersion()).isEqualTo(1);
    assertThat(outcomes().get(0).decision().confidence())
        .isEqualTo((float) (1 / (1 + Math.exp(-EASY))));
  }

  @Test
  void survivor_carriesItsOwnFeaturesAndTimestamp() throws Exception {
    open(1, new MicroBatching(2, Duration.ofMillis(20)));
    List<Float> carried = new ArrayList<>();
    send(0, 0.2f);
    send(1, 0.3f);

    for (Object element : harness.getOutput()) {
      StreamRecord<?> record = (StreamRecord<?>) element;
      InFlightSample sample = (InFlightSample) record.getValue();
      carried.add(FakeCascade.value(sample));
      assertThat(record.getTimestamp()).isEqualTo(sample.ticket().number());
    }
    assertThat(carried).containsExactly(0.2f, 0.3f);
  }

  @Test
  void partialBatch_isRunWhenTheLingerEnds() throws Exception {
    open(1, new MicroBatching(4, Duration.ZERO));
    harness.setProcessingTime(10);
    send(0, EASY);
    send(1, EASY);
    assertThat(left()).isEmpty();

    harness.setProcessingTime(11);

    assertThat(left()).containsExactly(0L, 1L);
    assertThat(FakeCascade.CALLS).containsExactly(2);
  }

  @Test
  void linger_countsFromTheFirstRow_whereTheMicroBatchBeforeWasFullInTime() throws Exception {
    open(1, new MicroBatching(2, Duration.ofMillis(20)));
    harness.setProcessingTime(100);
    send(0, EASY);
    send(1, EASY);
    harness.setProcessingTime(115);
    send(2, EASY);
    harness.setProcessingTime(134);
    assertThat(left()).containsExactly(0L, 1L);

    harness.setProcessingTime(135);

    assertThat(left()).containsExactly(0L, 1L, 2L);
  }

  @Test
  void barrier_drainsThePartialBatch_soThatThereIsNoState() throws Exception {
    open(1, FOUR);
    send(0, EASY);
    send(1, HARD);

    harness.prepareSnapshotPreBarrier(1);

    assertThat(left()).containsExactly(0L);
    assertThat(survivors()).containsExactly(1L);
    assertThat(harness.snapshot(1, 1).getManagedOperatorState()).isEmpty();
  }

  @Test
  void watermark_waitsForTheRowsBeforeIt() throws Exception {
    open(1, FOUR);
    send(0, HARD);
    harness.processWatermark(new Watermark(100));
    send(1, HARD);
    harness.processWatermark(new Watermark(200));
    assertThat(harness.getOutput()).isEmpty();

    send(2, HARD);
    send(3, HARD);

    List<Object> output = new ArrayList<>(harness.getOutput());
    assertThat(output).hasSize(5);
    assertThat(output.get(4)).isEqualTo(new Watermark(200));
  }

  @Test
  void watermark_passesAtOnce_whereNothingWaits() throws Exception {
    open(1, FOUR);
    harness.processWatermark(new Watermark(100));
    assertThat(harness.getOutput()).containsExactly(new Watermark(100));
  }

  @Test
  void idleSource_drains() throws Exception {
    open(1, FOUR);
    send(0, EASY);
    harness.processWatermarkStatus(WatermarkStatus.IDLE);
    assertThat(left()).containsExactly(0L);
  }

  @Test
  void endOfInput_drains() throws Exception {
    open(1, FOUR);
    send(0, EASY);
    send(1, HARD);
    harness.processWatermark(Watermark.MAX_WATERMARK);

    harness.endInput();

    assertThat(left()).containsExactly(0L);
    assertThat(survivors()).containsExactly(1L);
    assertThat(new ArrayList<>(harness.getOutput()).get(1)).isEqualTo(Watermark.MAX_WATERMARK);
  }

  @Test
  void lastStage_letsAllLeave() throws Exception {
    open(FakeCascade.STAGES, MicroBatching.of(1));
    send(0, HARD);
    assertThat(left()).containsExactly(0L);
    assertThat(outcomes().get(0).decision().exit()).isEqualTo(FakeCascade.STAGES);
  }

  @Test
  void failingRow_becomesARejection_andTheOthersAreDecided() throws Exception {
    open(2, FOUR);
    send(0, EASY);
    send(1, -1);
    send(2, HARD);
    send(3, EASY);

    assertThat(left()).containsExactly(0L, 1L, 3L);
    assertThat(survivors()).containsExactly(2L);
    Rejection rejection = outcomes().get(1).rejection();
    assertThat(rejection.reason()).isEqualTo(Rejection.Reason.INFERENCE_FAILED);
    assertThat(rejection.stage()).isEqualTo("stage-2");
    assertThat(rejection.frame().origin().payload()).containsExactly(7);
    assertThat(FakeCascade.OPEN_BATCHES).as("the one-row batch is closed").hasValue(1);
  }

  @Test
  void logitsThatAreNotFinite_becomeARejection() throws Exception {
    open(1, MicroBatching.of(1));
    send(0, Float.NaN);
    assertThat(outcomes().get(0).rejection().detail()).contains("not finite");
  }

  @Test
  void onlyFailures_failTheJob_andNativeMemoryIsClosed() throws Exception {
    open(1, MicroBatching.of(1));
    assertThatThrownBy(
            () -> {
              for (int i = 0; i < 100; i++) {
                send(i, -1);
              }
            })
        .isInstanceOf(InferenceException.class)
        .hasMessageContaining("32 frames in a row");
  }

  @Test
  void failuresInAFullMicroBatch_failTheJob_andNoRowIsConcludedTwice() throws Exception {
    open(1, new MicroBatching(64, Duration.ofMillis(20)));
    for (int i = 0; i < 10; i++) {
      send(i, EASY);
    }
    assertThatThrownBy(
            () -> {
              for (int i = 10; i < 64; i++) {
                send(i, Float.NaN);
              }
            })
        .isInstanceOf(InferenceException.class)
        .hasMessageContaining("32 frames in a row");

    assertThat(left()).hasSize(10 + 31).doesNotHaveDuplicates();
  }

  @Test
  void autoSize_isTheBestOfTheServiceCurve() throws Exception {
    open(1, new MicroBatching(MicroBatching.AUTO, Duration.ofMillis(20)));
    for (int i = 0; i < 8; i++) {
      send(i, EASY);
    }
    assertThat(FakeCascade.CALLS).containsExactly(8);
  }

  @Test
  void decisionOfTheCoordinator_isAnnouncedAtStage1_andDecidesFromTheNextFrameOn()
      throws Exception {
    open(1, new MicroBatching(1, Duration.ZERO));
    send(0, HARD);
    tell(Thresholds.of(7, 0.5, 0.5, 0), Quotas.none(3));
    send(1, HARD);
    harness.endInput();

    assertThat(survivors()).containsExactly(0L);
    assertThat(outcomes().get(0).decision().thresholdsVersion()).isEqualTo(7);
    assertThat(harness.getSideOutput(StageTags.THRESHOLD_CHANGES))
        .extracting(record -> record.getValue().version())
        .containsExactly(7L);
  }

  @Test
  void streamThatEndsBeforeTheCoordinatorSpoke_announcesTheStart() throws Exception {
    open(1, FOUR);
    harness.endInput();
    assertThat(harness.getSideOutput(StageTags.THRESHOLD_CHANGES))
        .extracting(record -> record.getValue().version())
        .containsExactly(1L);
  }

  @Test
  void usedUpQuota_forcesHardFramesOut() throws Exception {
    open(1, new MicroBatching(1, Duration.ZERO));
    tell(Thresholds.of(2, 0.9, 0.9, 0), Quotas.of(2, 0.25, 0.25));
    for (int i = 0; i < 12; i++) {
      send(i, HARD);
    }
    assertThat(survivors()).containsExactly(3L, 7L, 11L);
    assertThat(outcomes()).hasSize(9).allMatch(outcome -> outcome.decision().forced());
  }

  @Test
  void frameThatCannotEndItsNextStageInTime_leaves_forced() throws Exception {
    open(1, new MicroBatching(1, Duration.ZERO));
    tell(Thresholds.neverExit(2, 3), Quotas.none(3), 0, 50_000_000, 50_000_000);
    harness.setProcessingTime(1040);
    send(0, EASY); // its timestamp is 1000, so that 60 ms are left
    harness.setProcessingTime(1051);
    send(0, EASY);
    assertThat(survivors()).containsExactly(0L);
    assertThat(outcomes()).hasSize(1).allMatch(outcome -> outcome.decision().forced());
  }

  @Test
  void fewOfTheFramesThatLeaveForTheirDeadline_runOn_soThatLaterStagesAreMeasured()
      throws Exception {
    open(1, new MicroBatching(1, Duration.ZERO));
    tell(Thresholds.neverExit(2, 3), Quotas.none(3), 0, 50_000_000, 50_000_000);
    harness.setProcessingTime(100_000);
    for (int i = 0; i < 1000; i++) {
      send(i, EASY);
    }
    assertThat(left()).hasSize(1000);
    assertThat(survivors()).hasSizeBetween(1, 30);
  }

  @Test
  void deadlineInNanoseconds_isFarAway_andOneBeforeAllTimeHasPassed() throws Exception {
    open(1, new MicroBatching(1, Duration.ZERO));
    tell(Thresholds.neverExit(2, 3), Quotas.none(3), 0, 50_000_000, 50_000_000);
    harness.setProcessingTime(1000);
    for (long deadlineMs : new long[] {1_770_000_000_000_000_000L, Long.MIN_VALUE}) {
      harness.processElement(new StreamRecord<>(FakeCascade.due(deadlineMs, EASY), 0));
    }
    assertThat(survivors()).hasSize(1);
    assertThat(outcomes()).hasSize(1).allMatch(outcome -> outcome.decision().forced());
  }

  @Test
  void auditedFrame_leavesOnce_andRunsOnForComparison() throws Exception {
    control = control(1);
    open(1, new MicroBatching(1, Duration.ZERO));
    send(0, EASY);

    assertThat(left()).containsExactly(0L);
    InFlightSample audited =
        (InFlightSample) ((StreamRecord<?>) harness.getOutput().peek()).getValue();
    assertThat(audited.audit()).isEqualTo(new Audit(1, 0));

    harness.close();
    open(3, new MicroBatching(1, Duration.ZERO));
    harness.processElement(new StreamRecord<>(FakeCascade.audited(0, EASY, new Audit(1, 0)), 0));
    assertThat(outcomes()).isEmpty();
  }

  @Test
  void auditedFrame_needsTheQuota() throws Exception {
    control = control(1);
    open(1, new MicroBatching(1, Duration.ZERO));
    tell(Thresholds.of(2, 0.9, 0.9, 0), Quotas.of(2, 0.25, 0.25));
    for (int i = 0; i < 12; i++) {
      send(i, EASY);
    }
    assertThat(left()).hasSize(12);
    assertThat(survivors()).containsExactly(3L, 7L, 11L);
  }
}
