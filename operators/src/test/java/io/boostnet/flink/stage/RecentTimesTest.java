package io.boostnet.flink.stage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class RecentTimesTest {

  private static final long WINDOW = 250_000_000;
  private static final long CALM = 2_000_000;
  private static final long STALL = 40_000_000;
  private static final Percentage BIN = Percentage.withPercentage(4.5);

  private final RecentTimes times = new RecentTimes();
  private long slow;

  @Test
  void time_ofManyFrames_isWhatTheShareOfThemTook() {
    double[] taken =
        new Random(3)
            .doubles(20_000)
            .map(uniform -> 1e6 * Math.exp(4 * uniform))
            .sorted()
            .toArray();
    for (double share : new double[] {0.1, 0.5, 0.9, 0.99}) {
      RecentTimes one = new RecentTimes();
      for (double nanos : taken) {
        one.add((long) nanos);
      }

      double least = taken[(int) (share * taken.length) - 1];
      assertThat((double) one.endWindow(WINDOW, share))
          .as("share %s", share)
          .isBetween(least, 1.06 * least);
    }
  }

  @Test
  void time_ofNoFrame_isNotKnown_norOfThoseLongPast() {
    windows(1, 0, CALM);
    assertThat(slow).isZero();

    windows(80, 300, CALM);
    windows(20, 0, CALM);
    assertThat(slow).as("after 5 s").isCloseTo(CALM, BIN);

    windows(1, 0, CALM);
    assertThat(slow).as("later").isZero();

    windows(1, 1, CALM);
    assertThat(slow).as("with the next frame").isCloseTo(CALM, BIN);
  }

  /** The highest of the windows of late, as before, was a stall's most of the time. */
  @Test
  void time_stallsOf30MsEveryFiveSeconds_doNotCount() {
    windows(80, 300, CALM);
    for (int round = 0; round < 20; round++) {
      times(36, STALL);
      windows(1, 264, CALM);
      assertThat(slow).as("round %d", round).isCloseTo(CALM, BIN);
      windows(19, 300, CALM);
    }
  }

  @Test
  void time_stageSlowsDown_risesWithinAWindow_andFallsAgain() {
    windows(80, 300, CALM);
    windows(1, 300, STALL);
    assertThat(slow).isCloseTo(STALL, BIN);

    windows(39, 300, STALL);
    windows(80, 300, CALM);
    assertThat(slow).as("after 20 s").isCloseTo(STALL, BIN);

    windows(20, 300, CALM);
    assertThat(slow).as("after 25 s").isCloseTo(CALM, BIN);
  }

  /** Where no frame is in time for a stage, one in a hundred runs on and tells. */
  @Test
  void time_stallOfASecondThatClosedTheStage_isForgottenWhereFewFramesCome() {
    windows(80, 300, CALM);
    windows(4, 300, STALL);
    windows(80, 3, CALM);

    assertThat(slow).as("after 20 s").isCloseTo(CALM, BIN);
  }

  private void windows(int count, int frames, long nanos) {
    for (int window = 0; window < count; window++) {
      times(frames, nanos);
      slow = times.endWindow(WINDOW, 0.99);
    }
  }

  private void times(int frames, long nanos) {
    for (int frame = 0; frame < frames; frame++) {
      times.add(nanos);
    }
  }
}
