package io.boostnet.training.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.stream.LongStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class ScheduleTest {

  private static final Offset<Double> TOLERANCE = Offset.offset(1e-9);

  @Test
  void multiStep_atItsMilestones_fallsByTheFactor() {
    Schedule schedule = new Schedule.MultiStep(0.1, 0.1, List.of(2, 3), 4);

    assertThat(LongStream.range(0, 8).mapToDouble(step -> schedule.rate(step, 8)))
        .usingComparatorForType(
            (a, b) -> Math.abs(a - b) < 1e-12 ? 0 : Double.compare(a, b), Double.class)
        .containsExactly(0.1, 0.1, 0.1, 0.1, 0.01, 0.01, 0.001, 0.001);
  }

  @Test
  void cosine_halfWay_isHalfTheRate() {
    Schedule schedule = new Schedule.Cosine(0.4);

    assertThat(schedule.rate(0, 100)).isCloseTo(0.4, TOLERANCE);
    assertThat(schedule.rate(50, 100)).isCloseTo(0.2, TOLERANCE);
    assertThat(schedule.rate(100, 100)).isCloseTo(0, TOLERANCE);
  }

  @Test
  void oneCycle_overTheRun_climbsToItsPeakAndFallsToAlmostNothing() {
    Schedule schedule = new Schedule.OneCycle(0.2);

    assertThat(schedule.rate(0, 1001)).isCloseTo(0.008, TOLERANCE);
    assertThat(schedule.rate(300, 1001)).isCloseTo(0.2, TOLERANCE);
    assertThat(schedule.rate(1000, 1001)).isCloseTo(0.2 / 250_000, TOLERANCE);
    assertThat(
            LongStream.range(1, 301)
                .allMatch(s -> schedule.rate(s, 1001) > schedule.rate(s - 1, 1001)))
        .isTrue();
    assertThat(
            LongStream.range(301, 1001)
                .allMatch(s -> schedule.rate(s, 1001) < schedule.rate(s - 1, 1001)))
        .isTrue();
  }

  @Test
  void rate_notPositive_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Schedule.OneCycle(0))
        .withMessageContaining("lr is 0.0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Schedule.MultiStep(0.1, 0.1, List.of(5, 5), 10))
        .withMessageContaining("[5, 5]");
  }
}
