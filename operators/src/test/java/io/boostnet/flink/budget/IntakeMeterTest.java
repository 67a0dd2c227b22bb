package io.boostnet.flink.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.boostnet.flink.budget.ExitWindow.Intake;
import io.boostnet.flink.model.OffClock;
import org.junit.jupiter.api.Test;

class IntakeMeterTest {

  private static final long SPAN = 250_000_000;

  private static final long HOUR_MS = 3_600_000;

  private final IntakeMeter meter = new IntakeMeter();

  private long offset;

  private void take(int partition, long fromMs, long toMs, int count) {
    for (int i = 0; i < count; i++) {
      meter.taken("frames", partition, offset++, fromMs + (toMs - fromMs) * (i + 1) / count);
    }
  }

  @Test
  void rate_isThatOfTheStream_notOfTheCatchingUp() {
    take(0, 0, 1000, 100);
    Intake intake = meter.drain(SPAN, SPAN, 5000);
    assertThat(intake.arrivalsPerSecond()).isCloseTo(100, within(2.0));
    assertThat(intake.backlogAgeMs()).isEqualTo(4000);
  }

  @Test
  void partitionsAddUp_alsoWhenTheyAreReadInTurns() {
    take(0, 0, 1000, 100);
    take(1, 0, 1000, 50);
    meter.drain(SPAN, SPAN, 2000);
    take(1, 1000, 2000, 50);
    Intake intake = meter.drain(SPAN, SPAN, 3000);
    assertThat(intake.arrivalsPerSecond()).isCloseTo(150, within(3.0));
    assertThat(intake.backlogAgeMs()).as("partition 0 was not read").isEqualTo(2000);
  }

  @Test
  void framesThatAreNotRun_needNoTime_andAreNoGap() {
    for (int frame = 0; frame < 200; frame++) {
      long timestampMs = 200L * (frame + 1);
      if (frame % 50 == 0) {
        meter.taken("frames", 0, offset++, timestampMs);
      } else {
        meter.passed("frames", 0, offset++, timestampMs);
      }
    }
    assertThat(meter.drain(SPAN, SPAN, 40_000).arrivalsPerSecond()).isCloseTo(0.1, within(0.01));
  }

  @Test
  void streamThatStops_needsLessAndLess() {
    take(0, 0, 1000, 100);
    meter.drain(SPAN, SPAN / 2, 1000);
    Intake soon = meter.drain(SPAN, 0, 1250);
    Intake later = meter.drain(SPAN, 0, 11_000);
    assertThat(soon.arrivalsPerSecond()).as("none in 250 ms").isEqualTo(4);
    assertThat(later.arrivalsPerSecond()).as("none in 10 s").isEqualTo(0.1);
    assertThat(later.backlogAgeMs()).isZero();
  }

  @Test
  void slowStream_isThatSlowBetweenItsFramesToo() {
    Intake intake = null;
    for (int window = 1; window <= 41; window++) {
      if (window % 8 == 1) {
        take(0, 250L * (window - 1) - 2000, 250L * (window - 1), 1);
      }
      intake = meter.drain(SPAN, SPAN / 10, 250L * window);
    }
    assertThat(intake.arrivalsPerSecond()).isCloseTo(0.5, within(0.01));
  }

  @Test
  void pause_countsIntoTheRateAfterIt() {
    take(0, 0, 1000, 100);
    meter.drain(SPAN, SPAN / 2, 1000);
    meter.drain(SPAN, 0, 1250);
    take(0, 1000, 2000, 10);
    assertThat(meter.drain(SPAN, SPAN / 2, 2000).arrivalsPerSecond()).isCloseTo(10, within(0.5));
  }

  @Test
  void oldTimestamps_areNoBacklog_whileTheThreadHasTimeToSpare() {
    take(0, 0, 250, 25);
    assertThat(meter.drain(SPAN, SPAN / 2, 100_000).backlogAgeMs()).isZero();
  }

  @Test
  void framesWithoutTimestamps_areMeasuredByTheirNumber() {
    for (int window = 1; window <= 4; window++) {
      take(0, -5, -5, 25);
      Intake intake = meter.drain(SPAN, SPAN, 250L * window);
      assertThat(intake.arrivalsPerSecond()).isCloseTo(100, within(1.0));
      assertThat(intake.backlogAgeMs()).as("busy since").isEqualTo(250L * window);
    }
  }

  @Test
  void partitionThatWasEmpty_isNoBacklog_whenTheThreadIsBusyLater() {
    take(0, 0, 1000, 100);
    take(1, 0, 1000, 100);
    meter.drain(SPAN, SPAN / 2, 1000);
    take(0, 1000, 2000, 100);
    meter.drain(SPAN, SPAN / 2, 2000);
    take(0, 3_600_000, 3_600_250, 25);
    assertThat(meter.drain(SPAN, SPAN, 3_600_300).backlogAgeMs()).isEqualTo(50);
  }

  @Test
  void timestampFarAhead_isTold_andWhatComesIsCounted() {
    take(0, 0, 1000, 100);
    meter.drain(4 * SPAN, SPAN, 1000);
    take(0, 1000, 1250, 25);
    take(0, 86_400_000, 86_400_000, 1);

    Intake intake = meter.drain(SPAN, SPAN, 1250);

    assertThat(intake.offClocks()).containsExactly(new OffClock("frames", 0, 1250 - 86_400_000));
    assertThat(intake.arrivalsPerSecond()).isEqualTo(104);
    assertThat(intake.backlogAgeMs()).isEqualTo(250);
  }

  @Test
  void clockThatWasOff_isBelievedAgain_afterTenSecondsInWhichItWentRight() {
    int window = 0;
    for (; window < 8; window++) {
      take(0, 250L * window, 250L * window + 250, 25);
      meter.drain(SPAN, SPAN / 2, HOUR_MS + 250L * window + 250);
    }
    assertThat(right(window++).offClocks()).hasSize(1);
    for (; window < 48; window++) {
      assertThat(right(window).offClocks()).hasSize(1);
    }
    assertThat(right(window).offClocks()).isEmpty();
  }

  private Intake right(int window) {
    take(0, HOUR_MS + 250L * window, HOUR_MS + 250L * window + 250, 25);
    return meter.drain(SPAN, SPAN / 2, HOUR_MS + 250L * window + 250);
  }

  @Test
  void backlog_ofTimestampsAnHourOld_isNoOlderThanTheThreadWasBusy() {
    take(0, HOUR_MS, HOUR_MS + 250, 25);
    meter.drain(SPAN, SPAN / 2, HOUR_MS + 250);
    take(1, 250, 500, 25);
    take(0, HOUR_MS + 250, HOUR_MS + 500, 25);
    meter.drain(SPAN, SPAN, HOUR_MS + 500);
    take(1, 500, 750, 25);
    assertThat(meter.drain(SPAN, SPAN, HOUR_MS + 750).backlogAgeMs()).isEqualTo(500);
  }

  @Test
  void recordsThatWereDeleted_neverArrive() {
    take(0, 0, 1000, 100);
    meter.drain(4 * SPAN, SPAN, 5_000_000);
    offset += 1_000_000;
    take(0, 4_000_000, 4_001_000, 100);
    Intake intake = meter.drain(SPAN, SPAN, 5_000_250);
    assertThat(intake.arrivalsPerSecond()).isCloseTo(100, within(2.0));
  }

  @Test
  void timestampsThatDoNotAdvance_leaveTheRateAsItWas() {
    take(0, 0, 1000, 100);
    meter.drain(SPAN, SPAN, 1000);
    take(0, 1000, 1010, 7);
    assertThat(meter.drain(SPAN, SPAN, 1000).arrivalsPerSecond()).isCloseTo(100, within(2.0));
    take(0, 1010, 1100, 3);
    assertThat(meter.drain(SPAN, SPAN, 1000).arrivalsPerSecond())
        .as("10 frames in 100 ms")
        .isCloseTo(100, within(2.0));
  }
}
