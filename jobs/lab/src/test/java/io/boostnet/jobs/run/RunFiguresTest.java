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

class RunFiguresTest {

  private static final String TOPIC = "frames";

  private final RunFigures figures = new RunFigures(2, () -> 1100);

  @Test
  void report_oneOutcomeEach_addsUp() {
    figures.frame("a", 0, 0, 3);
    figures.prediction(prediction(0, 1)); // may be read before the next acknowledgement
    figures.prediction(prediction(1, 2));
    figures.frame("a", 1, 0, 4);
    LoadReport.BadRecord bad = bad(BadFrame.EMPTY, 7);
    assertThat(figures.isSettled()).isFalse();
    figures.deadLetter(deadLetter(null, 7));
    assertThat(figures.isSettled()).isTrue();

    RunReport report = report(bad);

    assertThat(report.addsUp()).isTrue();
    assertThat(report.published()).isEqualTo(3);
    assertThat(report.exitShares()).containsExactly(0.5, 0.5);
    assertThat(report.meanCost()).isCloseTo(0.75, within(1e-9));
    assertThat(report.accuracy()).isEqualTo(0.5);
    assertThat(report.decisionLatencyMs().max()).isEqualTo(50);
    assertThat(report.visibleLatencyMs().max()).isEqualTo(100);
  }

  @Test
  void report_noOutcome_isMissing() {
    figures.frame("a", 0, 0, 3);
    assertThat(figures.isSettled()).isFalse();
    assertThat(report().missing()).isEqualTo(1);
    assertThat(report().addsUp()).isFalse();
  }

  @Test
  void report_twoPredictions_isDoubled() {
    figures.frame("a", 0, 0, 3);
    figures.prediction(prediction(0, 1));
    figures.prediction(prediction(0, 1));
    assertThat(report().doubled()).isEqualTo(1);
    assertThat(report().addsUp()).isFalse();
  }

  @Test
  void report_predictionAndDeadLetter_isDoubled() {
    figures.frame("a", 0, 0, 3);
    figures.prediction(prediction(0, 1));
    figures.deadLetter(deadLetter("a", 3));
    assertThat(report().doubled()).isEqualTo(1);
  }

  @Test
  void report_deadLetterTwice_isDoubled() {
    LoadReport.BadRecord bad = bad(BadFrame.EMPTY, 7);
    figures.deadLetter(deadLetter(null, 7));
    figures.deadLetter(deadLetter(null, 7));
    assertThat(report(bad).doubled()).isEqualTo(1);
  }

  @Test
  void report_badRecordThatIsNotDead_isNamed() {
    figures.deadLetter(deadLetter(null, 8));
    RunReport report = report(bad(BadFrame.BOMB, 7));
    assertThat(report.badMissing())
        .extracting(LoadReport.BadRecord::kind)
        .containsExactly(BadFrame.BOMB);
    assertThat(report.missing()).isZero();
    assertThat(report.addsUp()).isFalse();
  }

  @Test
  void report_predictionOfNothingPublished_doesNotAddUp() {
    figures.prediction(prediction(0, 1));
    assertThat(report().addsUp()).isFalse();
  }

  private LoadReport.BadRecord bad(BadFrame kind, long offset) {
    LoadReport.BadRecord record = new LoadReport.BadRecord(kind, 0, offset);
    figures.bad(record);
    return record;
  }

  private RunReport report(LoadReport.BadRecord... bad) {
    LoadReport.Lateness punctual = new LoadReport.Lateness(0, 0, 0, 0);
    LoadReport.Seconds second = new LoadReport.Seconds(1, 1, 1);
    LoadReport load = new LoadReport(0, bad.length, 0, second, 1, 1, punctual, List.of(bad));
    return figures.report(load, new RunReport.Setting("bundle 1", "fixed", 1, 1, 1000));
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
