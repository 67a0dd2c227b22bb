package io.boostnet.jobs.trial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.boostnet.jobs.trial.Course.Step;
import java.util.List;
import org.junit.jupiter.api.Test;

class CourseTest {

  private static final double NEVER = Double.POSITIVE_INFINITY;

  private final Course course =
      new Course(List.of(new Step(0, 5), new Step(10, 3), new Step(20, 5), new Step(30, 5)));

  @Test
  void at_betweenChanges_isTheLastValue() {
    assertThat(course.at(-1)).isNaN();
    assertThat(course.at(9.9)).isEqualTo(5);
    assertThat(course.at(10)).isEqualTo(3);
    assertThat(course.at(99)).isEqualTo(5);
  }

  @Test
  void least_countsTheValueFromBeforeAndBothEnds() {
    assertThat(course.least(0, 9)).isEqualTo(5);
    assertThat(course.least(0, 10)).isEqualTo(3);
    assertThat(course.least(15, 40)).isEqualTo(3);
    assertThat(course.least(20, 40)).isEqualTo(5);
    assertThat(course.least(-2, -1)).isNaN();
  }

  @Test
  void firstBelow_findsTheFallOrNothing() {
    assertThat(course.firstBelow(5, 2)).isEqualTo(10);
    assertThat(course.firstBelow(5, 12)).isEqualTo(12);
    assertThat(course.firstBelow(5, 20)).isEqualTo(NEVER);
  }

  @Test
  void staysFrom_isTheLastRiseOrNothing() {
    assertThat(course.staysFrom(5, 2, 40)).isEqualTo(20);
    assertThat(course.staysFrom(5, 2, 9)).isEqualTo(2);
    assertThat(course.staysFrom(5, 2, 15)).isEqualTo(NEVER);
  }

  @Test
  void mostAndStaysTo_mirrorLeastAndStaysFrom() {
    assertThat(course.most(10, 19)).isEqualTo(3);
    assertThat(course.most(10, 20)).isEqualTo(5);
    assertThat(course.staysTo(3, 2, 19)).isEqualTo(10);
    assertThat(course.staysTo(3, 2, 25)).isEqualTo(NEVER);
  }

  @Test
  void changes_dropsEqualValues() {
    assertThat(course.changes().steps())
        .containsExactly(new Step(0, 5), new Step(10, 3), new Step(20, 5));
  }

  @Test
  void construction_outOfOrder_throws() {
    assertThatThrownBy(() -> new Course(List.of(new Step(2, 1), new Step(1, 1))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1.0 s comes after");
  }
}
