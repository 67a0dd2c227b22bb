package io.boostnet.flink.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.boostnet.flink.budget.ExitWindow.Intake;
import io.boostnet.flink.model.Origin;
import org.junit.jupiter.api.Test;

class IntakeMeterTest {

  private static final long SPAN = 250_000_000;

  private final IntakeMeter meter = new IntakeMeter();

  private void take(int partition, long fromMs, long toMs, int count) {
    Origin origin = new Origin("frames", partition, 0, new byte[0]);
    for (int i = 0; i < count; i++) {
      meter.taken(origin, fromMs + (toMs - fromMs) * (i + 1) / count);
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
  void streamThatStops_needsNothing() {
    take(0, 0, 1000, 100);
    meter.drain(SPAN, SPAN / 2, 1000);
    Intake intake = meter.drain(SPAN, 0, 1250);
    assertThat(intake.arrivalsPerSecond()).isZero();
    assertThat(intake.backlogAgeMs()).isZero();
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
  void timestampsThatAreMissingOrAhead_areNoBacklog() {
    take(0, -5, -5, 3);
    take(1, 9000, 9900, 3);
    Intake intake = meter.drain(SPAN, SPAN, 1000);
    assertThat(intake.backlogAgeMs()).isZero();
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
  void timestampFarAhead_isForgotten() {
    take(0, 0, 1000, 100);
    meter.drain(SPAN, SPAN, 1000);
    take(0, 1000, 1250, 25);
    take(0, 86_400_000, 86_400_000, 1);
    meter.drain(SPAN, SPAN, 1250);
    take(0, 1250, 1500, 25);
    meter.drain(SPAN, SPAN, 1500);
    take(0, 1500, 1750, 25);
    Intake intake = meter.drain(SPAN, SPAN, 2000);
    assertThat(intake.arrivalsPerSecond()).isCloseTo(100, within(2.0));
    assertThat(intake.backlogAgeMs()).isEqualTo(250);
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
