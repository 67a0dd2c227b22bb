package io.boostnet.flink.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.boostnet.flink.inference.InferenceException;
import io.boostnet.flink.model.Decision;
import io.boostnet.flink.model.InFlightSample;
import io.boostnet.flink.model.Outcome;
import io.boostnet.flink.model.Rejection;
import io.boostnet.flink.model.Ticket;
import io.boostnet.flink.options.MicroBatching;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;
import org.junit.jupiter.api.Test;

/** How a stage gathers micro-batches, keeps the order of the stream, and fails. */
class StageOperatorTest extends StageHarness {

  private static final MicroBatching FOUR_PATIENT = new MicroBatching(4, Duration.ofMinutes(1));

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
  void partialBatch_isRunWhereNoRecordCameSinceTheLastLook() throws Exception {
    open(1, FOUR_PATIENT);
    send(0, EASY);
    send(1, EASY);
    lookIntoMailbox();
    assertThat(left()).as("records came").isEmpty();

    lookIntoMailbox();

    assertThat(left()).containsExactly(0L, 1L);
    assertThat(FakeCascade.CALLS).containsExactly(2);
    assertThat(harness.getTaskMailbox().hasMail()).as("nothing waits").isFalse();
  }

  @Test
  void partialBatch_fillsWhileRecordsCome() throws Exception {
    open(1, FOUR_PATIENT);
    for (int i = 0; i < 4; i++) {
      assertThat(left()).isEmpty();
      send(i, EASY);
      lookIntoMailbox();
    }
    assertThat(FakeCascade.CALLS).containsExactly(4);
  }

  @Test
  void partialBatch_isRunWhenTheLingerEnds_thoughRecordsCome() throws Exception {
    open(1, new MicroBatching(4, Duration.ZERO));
    send(0, EASY);
    send(1, EASY);
    assertThat(left()).isEmpty();

    lookIntoMailbox();

    assertThat(left()).containsExactly(0L, 1L);
  }

  @Test
  void microBatchOfOne_needsNoMailbox() throws Exception {
    open(1, MicroBatching.of(1));
    send(0, EASY);
    assertThat(left()).containsExactly(0L);
    assertThat(harness.getTaskMailbox().hasMail()).isFalse();
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
  void frameThatLeftBefore_goesPastTheRowsThatWait() throws Exception {
    open(2, FOUR);
    send(0, HARD);
    Outcome left = Outcome.of(new Ticket(0, 1), (Decision) null);
    harness.processElement(new StreamRecord<>(left, 1));

    assertThat(harness.getOutput()).containsExactly(new StreamRecord<>(left, 1));
    assertThat(FakeCascade.CALLS).isEmpty();
  }

  @Test
  void frameThatLeftBefore_isARecordThatCame() throws Exception {
    open(2, FOUR_PATIENT);
    send(0, HARD);
    lookIntoMailbox();
    harness.processElement(new StreamRecord<>(Outcome.of(new Ticket(0, 1), (Decision) null), 1));
    lookIntoMailbox();
    assertThat(FakeCascade.CALLS).as("the thread is not idle").isEmpty();

    lookIntoMailbox();

    assertThat(FakeCascade.CALLS).containsExactly(1);
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
    assertThat(new ArrayList<>(harness.getOutput()).get(2)).isEqualTo(Watermark.MAX_WATERMARK);
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
}
