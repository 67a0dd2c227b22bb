package io.boostnet.jobs.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.boostnet.jobs.load.BadFrame;
import io.boostnet.jobs.load.LoadReport;
import io.boostnet.schema.DeadLetter;
import io.boostnet.schema.DeadLetterReason;
import io.boostnet.schema.Prediction;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class LedgerTest {

  private static final String TOPIC = "frames";

  private final Ledger ledger = new Ledger(2);

  @Test
  void balance_oneOutcomeEach_addsUp() {
    ledger.published("a", 0);
    ledger.prediction(prediction(0, 1), 1100); // may be read before the next acknowledgement
    ledger.prediction(prediction(1, 2), 1100);
    ledger.published("a", 1);
    ledger.deadLetter(deadLetter(null, 7));
    assertThat(ledger.isSettled(1)).isTrue();

    RunReport report = balance(new LoadReport.BadRecord(BadFrame.EMPTY, 0, 7));

    assertThat(report.addsUp()).isTrue();
    assertThat(report.published()).isEqualTo(3);
    assertThat(report.exitShares()).containsExactly(0.5, 0.5);
    assertThat(report.meanCost()).isCloseTo(0.75, within(1e-9));
    assertThat(report.accuracy()).isEqualTo(0.5);
    assertThat(report.decisionLatencyMs().max()).isEqualTo(50);
    assertThat(report.visibleLatencyMs().max()).isEqualTo(100);
  }

  @Test
  void balance_noOutcome_isMissing() {
    ledger.published("a", 0);
    assertThat(ledger.isSettled(0)).isFalse();
    assertThat(balance().missing()).isEqualTo(1);
    assertThat(balance().addsUp()).isFalse();
  }

  @Test
  void balance_twoPredictions_isDoubled() {
    ledger.published("a", 0);
    ledger.prediction(prediction(0, 1), 1100);
    ledger.prediction(prediction(0, 1), 1100);
    assertThat(balance().doubled()).isEqualTo(1);
    assertThat(balance().addsUp()).isFalse();
  }

  @Test
  void balance_predictionAndDeadLetter_isDoubled() {
    ledger.published("a", 0);
    ledger.prediction(prediction(0, 1), 1100);
    ledger.deadLetter(deadLetter("a", 3));
    assertThat(balance().doubled()).isEqualTo(1);
  }

  @Test
  void balance_deadLetterTwice_isDoubled() {
    ledger.deadLetter(deadLetter(null, 7));
    ledger.deadLetter(deadLetter(null, 7));
    assertThat(balance(new LoadReport.BadRecord(BadFrame.EMPTY, 0, 7)).doubled()).isEqualTo(1);
  }

  @Test
  void balance_badRecordThatIsNotDead_isNamed() {
    ledger.deadLetter(deadLetter(null, 8));
    RunReport report = balance(new LoadReport.BadRecord(BadFrame.BOMB, 0, 7));
    assertThat(report.badMissing())
        .extracting(LoadReport.BadRecord::kind)
        .containsExactly(BadFrame.BOMB);
    assertThat(report.addsUp()).isFalse();
  }

  @Test
  void balance_predictionOfNothingPublished_doesNotAddUp() {
    ledger.prediction(prediction(0, 1), 1100);
    assertThat(balance().addsUp()).isFalse();
  }

  private RunReport balance(LoadReport.BadRecord... bad) {
    LoadReport.Lateness punctual = new LoadReport.Lateness(0, 0, 0, 0);
    LoadReport load = new LoadReport(0, bad.length, 0, 1, 1, 1, punctual, List.of(bad));
    return ledger.balance(TOPIC, load, new RunReport.Setting("bundle 1", "fixed", 1, 1, 1000));
  }

  private static Prediction prediction(long sequence, int exit) {
    return Prediction.newBuilder()
        .setSourceId("a")
        .setSequence(sequence)
        .setTimestampMs(1000)
        .setLabel(0)
        .setLabelName("zero")
        .setConfidence(0.9f)
        .setExit(exit)
        .setExits(2)
        .setCost(exit / 2.0)
        .setForced(false)
        .setThresholdsVersion(1)
        .setBundle("bundle")
        .setBundleVersion("1")
        .setSubtask(0)
        .setDecidedAtMs(1050)
        .setTrueLabel((int) sequence)
        .build();
  }

  private static DeadLetter deadLetter(String sourceId, long offset) {
    return DeadLetter.newBuilder()
        .setReason(DeadLetterReason.CORRUPT_IMAGE)
        .setDetail("cut off")
        .setStage("decode")
        .setTopic(TOPIC)
        .setPartition(0)
        .setOffset(offset)
        .setSourceId(sourceId)
        .setSequence(sourceId == null ? null : 0L)
        .setTimestampMs(1000)
        .setPayload(ByteBuffer.allocate(0))
        .setPayloadSize(0)
        .build();
  }
}
