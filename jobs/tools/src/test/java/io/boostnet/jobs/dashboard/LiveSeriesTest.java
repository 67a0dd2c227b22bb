package io.boostnet.jobs.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LiveSeriesTest {

  private final LiveSeries series = new LiveSeries();

  @Test
  void second_addsUpWhatCameInWithinIt() {
    series.offered(10_000);
    series.offered(10_999);
    series.changed(LiveRecords.change(7, 10_100, 0.5));
    series.predicted(LiveRecords.prediction(0, 10_000, 10_020, 1, true));
    series.predicted(LiveRecords.prediction(1, 10_000, 10_040, 2, false));
    series.predicted(LiveRecords.prediction(2, 10_000, 11_500, 2, true));
    series.dead();

    LiveSeries.Point point = series.after(Long.MIN_VALUE).get(0);

    assertThat(point.t()).isEqualTo(10);
    assertThat(point.offered()).isEqualTo(2);
    assertThat(point.decided()).isEqualTo(2);
    assertThat(point.exits()).containsExactly(0.5, 0.5, 0);
    assertThat(point.cost()).isEqualTo(0.5);
    assertThat(point.budget()).isEqualTo(0.5);
    assertThat(point.needed()).isEqualTo(100);
    assertThat(point.backlogMs()).isEqualTo(40);
    assertThat(point.utilization()).isEqualTo(0.9);
    assertThat(point.labelled()).isEqualTo(2);
    assertThat(point.right()).isEqualTo(1);
    assertThat(point.p99()).isEqualTo(40);
    assertThat(point.thresholds()).hasSize(3);
    assertThat(series.deadLetters()).isEqualTo(1);
    assertThat(series.predictions()).isEqualTo(3);
  }

  @Test
  void settings_holdUntilTheNextChange() {
    series.changed(LiveRecords.change(7, 10_100, 0.5));
    series.predicted(LiveRecords.prediction(0, 14_000, 14_020, 1, true));
    assertThat(series.after(13)).hasSize(1);
    assertThat(series.after(13).get(0).budget()).isEqualTo(0.5);
    assertThat(series.after(13).get(0).utilization()).isNull(); // measured at the change alone
    assertThat(series.after(14)).isEmpty();
  }

  @Test
  void settings_ofAnEventNoLongerKept_holdUntilTheNextChange() {
    series.changed(LiveRecords.change(7, 10_000, 0.5));
    series.offered(25_000);
    series.changed(LiveRecords.change(8, 620_000, 0.25)); // second 10 is forgotten by that
    assertThat(series.kept()).containsExactly(25L, 620L);
    assertThat(series.after(0)).extracting(LiveSeries.Point::budget).containsExactly(0.5, 0.25);
  }

  @Test
  void settings_ofAnEventOlderThanWhatIsKept_holdUntilTheNextChange() {
    series.offered(1_000_000);
    series.changed(LiveRecords.change(7, 10_000, 0.5));
    series.changed(LiveRecords.change(8, 1_002_000, 0.25));
    assertThat(series.after(0)).extracting(LiveSeries.Point::budget).containsExactly(0.5, 0.25);
  }

  @Test
  void recordFromTheFuture_isNotCounted() {
    series.now(100_000);
    series.offered(100_000);
    series.offered(9_000_000_000_000L);
    series.offered(101_000);
    assertThat(series.kept()).containsExactly(100L, 101L);
  }

  @Test
  void changes_thatHardlyDiffer_areOne_untilOneDoes() {
    series.changed(LiveRecords.change(1, 1000, 0.4));
    series.changed(LiveRecords.change(2, 2000, 0.775));
    series.changed(LiveRecords.change(3, 3000, 0.781));
    series.changed(LiveRecords.change(4, 4000, 0.778));
    assertThat(series.changes())
        .containsExactly(
            new LiveSeries.Change(4000, 4, "the budget moved", 3, 0.775, 0.781),
            new LiveSeries.Change(1000, 1, "the budget moved", 1, 0.4, 0.4));
    series.changed(LiveRecords.change(5, 5000, 0.796)); // small steps add up to a change
    assertThat(series.changes()).hasSize(3);
  }

  @Test
  void memory_isBounded_andOldRecordsDoNoHarm() {
    for (long second = 0; second < 2000; second++) {
      series.offered(1000 * second);
      series.changed(LiveRecords.change(second, 1000 * second, second % 2 == 0 ? 0.5 : 0.6));
    }
    series.predicted(LiveRecords.prediction(0, 5, 10, 1, true));
    assertThat(series.kept()).hasSizeLessThanOrEqualTo(LiveSeries.SECONDS);
    assertThat(series.changes()).hasSize(30);
    assertThat(series.changes().get(0).version()).isEqualTo(1999);
  }
}
