package io.boostnet.jobs.camera.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.boostnet.jobs.camera.input.FrameInput;
import org.junit.jupiter.api.Test;

class EventClockTest {

  @Test
  void of_file_followsItsOwnTimes() {
    EventClock clock = EventClock.ofFile(1_000);

    assertThat(clock.of(480_000, 99)).isEqualTo(1_000);
    assertThat(clock.of(520_000, 99)).isEqualTo(1_040);
  }

  @Test
  void of_streamWithoutTimes_isArrival() {
    assertThat(EventClock.ofLiveStream().of(FrameInput.NO_TIME, 7)).isEqualTo(7);
  }

  @Test
  void of_frameHeldUpOnTheWay_keepsItsTime() {
    EventClock clock = EventClock.ofLiveStream();
    clock.of(0, 10_000);

    assertThat(clock.of(200_000, 11_900)).isEqualTo(10_200);
  }

  @Test
  void of_firstFrameHeldUp_isPutRightByALaterOne() {
    EventClock clock = EventClock.ofLiveStream();

    assertThat(clock.of(0, 10_800)).isEqualTo(10_800);
    assertThat(clock.of(200_000, 10_200)).isEqualTo(10_200);
    assertThat(clock.of(400_000, 10_500)).isEqualTo(10_400);
  }

  @Test
  void of_camerasClockJumps_isFoundAnew() {
    EventClock clock = EventClock.ofLiveStream();
    clock.of(0, 10_000);

    assertThat(clock.of(3_600_000_000L, 10_200)).isEqualTo(10_200);
    assertThat(clock.of(400_000, 10_400)).isEqualTo(10_400);
    assertThat(clock.of(600_000, 10_600)).isEqualTo(10_600);
  }
}
