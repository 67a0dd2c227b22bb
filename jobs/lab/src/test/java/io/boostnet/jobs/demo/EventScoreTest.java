package io.boostnet.jobs.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.boostnet.jobs.demo.EventScore.Told;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventScoreTest {

  private static final List<TrueChange> TRUTH =
      List.of(new TrueChange(3, 0, 30), new TrueChange(5, 30, 60), new TrueChange(3, 60, 90));

  private final EventScore score = new EventScore();

  @Test
  void events_oneAChange_areAllRight() {
    score.add(TRUTH, List.of(new Told(3, 2), new Told(5, 34), new Told(3, 62)));

    assertThat(List.of(score.precision(), score.recall())).containsExactly(1.0, 1.0);
    assertThat(List.of(score.delay(0.5), score.delay(0.95))).containsExactly(2L, 4L);
  }

  @Test
  void events_wrongTwiceOrTooLate_areNot() {
    score.add(
        TRUTH,
        List.of(new Told(7, 2), new Told(3, 3), new Told(3, 9), new Told(5, 66), new Told(3, 59)));

    assertThat(score.right()).isEqualTo(1);
    assertThat(score.precision()).isEqualTo(0.2);
    assertThat(score.recall()).isEqualTo(1 / 3.0);
  }

  @Test
  void nothing_told_isNoneRight() {
    score.add(TRUTH, List.of());

    assertThat(List.of(score.precision(), score.recall())).containsExactly(0.0, 0.0);
    assertThat(score.delay(0.5)).isZero();
  }
}
