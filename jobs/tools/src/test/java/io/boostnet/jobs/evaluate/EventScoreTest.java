package io.boostnet.jobs.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import io.boostnet.flink.event.EventRules;
import io.boostnet.jobs.evaluate.EventScore.Judged;
import io.boostnet.jobs.evaluate.EventScore.Told;
import java.util.ArrayList;
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

  @Test
  void percentiles_areNearestRanks() {
    List<TrueChange> truth = new ArrayList<>();
    List<Told> told = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      truth.add(new TrueChange(i, 100 * i, 100 * i + 100));
      told.add(new Told(i, 100 * i + i));
    }
    score.add(truth, told);

    assertThat(List.of(score.delay(0.5), score.delay(0.95), score.delay(1)))
        .containsExactly(9L, 18L, 19L);
  }

  @Test
  void changes_areRunsOfOneClass() {
    assertThat(TrueChange.of(List.of(3, 3, 5, 3)))
        .containsExactly(new TrueChange(3, 0, 2), new TrueChange(5, 2, 3), new TrueChange(3, 3, 4));
    assertThat(TrueChange.of(List.of())).isEmpty();
  }

  @Test
  void events_ofPicturesThatAreNotAllTaken_keepThePicturesNumbers() {
    List<Judged> every2nd = new ArrayList<>();
    for (int picture = 0; picture < 60; picture += 2) {
      every2nd.add(new Judged(picture, picture < 30 ? 3 : 5, 0.9f));
    }

    assertThat(EventScore.told(every2nd, EventRules.DEFAULT))
        .containsExactly(new Told(3, 4), new Told(5, 34));
  }
}
