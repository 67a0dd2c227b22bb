package io.boostnet.flink.stage;

import static org.assertj.core.api.Assertions.assertThat;

import io.boostnet.flink.inference.ServiceCurve;
import org.junit.jupiter.api.Test;

/** What of a call's time counts. */
class CountedTimeTest {

  private final CountedTime time =
      new CountedTime(new ServiceCurve(new int[] {1, 2, 4}, new long[] {100, 160, 240}), 4);

  @Test
  void callOfABusyThread_countsInFull() {
    assertThat(time.of(1, 100, Cause.LINGER)).isEqualTo(100);
  }

  @Test
  void earlyCall_countsAsInAFullOne() {
    assertThat(time.of(1, 100, Cause.IDLE)).isEqualTo(60);
    assertThat(time.of(4, 240, Cause.IDLE)).isEqualTo(240);
  }

  @Test
  void earlyCall_countsAsInThoseOfABusyThread_whereTheyAreNotFull() {
    for (int i = 0; i < 200; i++) {
      time.of(2, 160, Cause.LINGER);
    }
    assertThat(time.of(1, 100, Cause.IDLE)).isEqualTo(80);
    assertThat(time.of(4, 240, Cause.IDLE)).as("larger than those").isEqualTo(240);
  }

  @Test
  void callsThatWereDrained_countInFull_andSayNothingOfABusyThread() {
    for (int i = 0; i < 200; i++) {
      assertThat(time.of(1, 100, Cause.DRAIN)).isEqualTo(100);
    }
    assertThat(time.of(1, 100, Cause.IDLE)).isEqualTo(60);
  }
}
