package io.boostnet.flink.stage;

import static org.assertj.core.api.Assertions.assertThat;

import io.boostnet.flink.budget.Quotas;
import io.boostnet.flink.budget.Weighting;
import io.boostnet.flink.exit.Thresholds;
import io.boostnet.flink.model.Audit;
import io.boostnet.flink.model.InFlightSample;
import io.boostnet.flink.options.MicroBatching;
import io.boostnet.flink.options.Priorities;
import io.boostnet.flink.options.Tracking;
import java.time.Duration;
import java.util.List;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.junit.jupiter.api.Test;

/** Where frames leave a stage: by decisions of the coordinator, quotas, deadlines, and audits. */
class StageControlTest extends StageHarness {

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
  void decisionAfterTheEndOfTheInput_isNotAnnounced() throws Exception {
    open(1, FOUR);
    harness.endInput();
    tell(Thresholds.of(7, 0.5, 0.5, 0), Quotas.none(3));
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

  /** Where floors ask for more than there is, the threshold is 0. */
  @Test
  void usedUpQuota_forcesFramesUnderAFloorOut_atAnyThreshold() throws Exception {
    Priorities priorities = Priorities.parse(List.of("camera=1:0.6"));
    control =
        new StageControl(
            control.plan().withPriorities(priorities.names(), priorities.toString()),
            0,
            1,
            control.allowed(),
            Tracking.NONE,
            new SourceWeights(priorities, List.of(new Weighting(1, THRESHOLDS))));
    open(1, new MicroBatching(1, Duration.ZERO));
    tell(Thresholds.of(2, 0, 0, 0), Quotas.of(2, 0.25, 0.25));
    for (int i = 0; i < 12; i++) {
      send(i, HARD);
    }
    send(12, EASY);
    assertThat(survivors()).containsExactly(3L, 7L, 11L);
    assertThat(outcomes()).extracting(o -> o.decision().forced()).endsWith(false);
    assertThat(outcomes()).filteredOn(outcome -> outcome.decision().forced()).hasSize(9);

    harness.close();
    open(3, new MicroBatching(1, Duration.ZERO));
    send(0, HARD);
    assertThat(outcomes()).noneMatch(outcome -> outcome.decision().forced());
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
    InFlightSample audited = emitted(InFlightSample.class).get(0);
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
