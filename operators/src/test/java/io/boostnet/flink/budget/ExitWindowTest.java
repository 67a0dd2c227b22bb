package io.boostnet.flink.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.boostnet.flink.model.StageCost;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExitWindowTest {

  @Test
  void merge_windowsOfSubtasks_addsCountsAndKeepsTheLargestAges() {
    ExitWindow merged =
        ExitWindow.merge(List.of(window(1000, 3, 1, 1, 40, 100), window(1010, 1, 3, 0, 60, 700)));

    assertThat(merged.endMs()).isEqualTo(1010);
    assertThat(merged.spanMs()).isEqualTo(250);
    assertThat(merged.subtasks()).isEqualTo(2);
    assertThat(merged.exits()).isEqualTo(ExitDistribution.of(4, 4));
    assertThat(merged.images()).isEqualTo(8);
    assertThat(merged.forcedShare()).isEqualTo(1 / 8.0);
    assertThat(merged.leaving().confidences().get(0).total()).isEqualTo(2);
    assertThat(merged.work().stageNanos()).containsExactly(20, 10);
    assertThat(merged.work().slowestStageNanos()).containsExactly(1010, 7);
    assertThat(merged.intake().arrivalsPerSecond()).isEqualTo(100);
    assertThat(merged.intake().mostArrivalsPerSecond()).isEqualTo(60);
    assertThat(merged.ran(1)).isEqualTo(2);
    assertThat(merged.ran(2)).isEqualTo(4);
    assertThat(merged.backlogAgeMs()).isEqualTo(700);
    assertThat(merged.servedPerSecond()).isEqualTo(32);
    assertThat(merged.meanCost(StageCost.ofCumulative(1, 2))).isEqualTo(0.75, within(1e-12));
  }

  @Test
  void distribution_reachedAndShares_followTheCounts() {
    ExitDistribution exits = ExitDistribution.of(5, 3, 2);

    assertThat(exits.reached(1)).isEqualTo(10);
    assertThat(exits.reached(3)).isEqualTo(2);
    assertThat(exits.shares()).containsExactly(0.5, 0.3, 0.2);
    assertThat(ExitDistribution.of(0, 0).shares()).containsExactly(0, 0);
    assertThatThrownBy(() -> exits.cost(StageCost.ofCumulative(1, 2)))
        .hasMessage("images left at 3 exits, the cost is of 2; as many are needed");
    assertThatThrownBy(() -> exits.plus(ExitDistribution.of(1)))
        .hasMessageContaining("cannot add 1 exits to 3");
    assertThatThrownBy(() -> ExitDistribution.of(1, -1)).hasMessageContaining("[1, -1]");
  }

  @Test
  void merge_nothing_isRefused() {
    assertThatThrownBy(() -> ExitWindow.merge(List.of()))
        .hasMessage("no window to merge; one is needed");
  }

  @Test
  void window_badValue_isNamed() {
    assertThatThrownBy(() -> window(0, 1, 1, -1, 0, 0))
        .hasMessageContaining("exit counts are [-1, 0]");
    assertThatThrownBy(() -> window(0, 1, 1, 0, Double.NaN, 0))
        .hasMessageContaining("arrivals per second are NaN");
    assertThatThrownBy(() -> window(0, 1, 1, 0, 0, -5)).hasMessageContaining("backlog age is -5");
    assertThatThrownBy(
            () ->
                new ExitWindow.Leaving(
                    ExitDistribution.of(1, 1), ExitDistribution.of(0, 0), List.of()))
        .hasMessageContaining("0 histograms");
    assertThatThrownBy(
            () ->
                new ExitWindow(
                    0,
                    1,
                    1,
                    new ExitWindow.Leaving(
                        ExitDistribution.of(1, 1),
                        ExitDistribution.of(0, 0),
                        List.of(ConfidenceHistogram.empty())),
                    new ExitWindow.Work(new long[3], new long[3], 0),
                    ExitWindow.Intake.nothing()))
        .hasMessageContaining("2 exits and 3 stage times");
  }

  @Test
  void imagesThatInherit_areInTheMeanCost_andInNoOtherCount() {
    ExitWindow ran = window(0, 2, 2, 0, 0, 0);
    ExitWindow with = new ExitWindow(0, 250, 1, ran.leaving(), ran.work(), ran.intake(), 12);
    StageCost cost = StageCost.ofCumulative(1, 2);

    assertThat(with.inheritedShare()).isEqualTo(0.75);
    assertThat(with.meanCost(cost)).isEqualTo(0.25 * ran.meanCost(cost), within(1e-12));
    assertThat(with.images()).isEqualTo(4);
    assertThat(ExitWindow.merge(List.of(with, with, ran)).inherited()).isEqualTo(24);
  }

  @Test
  void budget_outOfRange_isNamed() {
    assertThatThrownBy(() -> Budget.fixed(0)).hasMessageContaining("budget is fixed:0; the share");
    assertThatThrownBy(() -> Budget.fixed(Double.NaN)).hasMessageContaining("NaN");
    assertThatThrownBy(() -> Budget.keepUp().between(0.8, 0.25))
        .hasMessageContaining("budget is keep-up:0.8-0.25; shares");
    assertThatThrownBy(() -> Budget.deadline(java.time.Duration.ZERO))
        .hasMessageContaining("budget is deadline:0ms");
  }

  private static ExitWindow window(
      long endMs, long first, long second, long forced, double arrivals, long ageMs) {
    ConfidenceHistogram.Recorder recorder = new ConfidenceHistogram.Recorder();
    recorder.record(0.5f);
    return new ExitWindow(
        endMs,
        250,
        1,
        new ExitWindow.Leaving(
            ExitDistribution.of(first, second),
            ExitDistribution.of(forced, 0),
            List.of(recorder.drain())),
        new ExitWindow.Work(new long[] {10, 5}, new long[] {endMs, 7}, 200_000_000),
        ExitWindow.Intake.ofSubtask(arrivals, ageMs));
  }
}
