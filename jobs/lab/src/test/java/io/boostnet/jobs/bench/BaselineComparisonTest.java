package io.boostnet.jobs.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.boostnet.jobs.config.ConfigException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BaselineComparisonTest {

  @TempDir Path directory;

  @Test
  void ratios_areTakenPairByPair_ofWhatBothHave() {
    List<Table> ratios =
        BaselineComparison.ratios(
            List.of(report(10, 3), report(40, 3), report(90, 3)),
            List.of(report(10, Double.NaN), report(10, Double.NaN), report(30, Double.NaN)));

    assertThat(ratios).hasSize(1);
    Table table = ratios.get(0);
    assertThat(table.title()).isEqualTo("Speed, over the baseline");
    assertThat(table.rows()).containsExactly(new Table.Row("loop", Map.of("images/s", 3.0)));
  }

  @Test
  void without_options_dropsThemWithTheirValues() {
    assertThat(
            BaselineComparison.without(
                Set.of("--baseline", "--rounds"),
                List.of("--baseline", "x", "--only", "throughput", "--rounds=3", "--quick")))
        .containsExactly("--only", "throughput", "--quick");
  }

  @Test
  void baseline_whereThereIsNoBuild_isRefused() {
    assertThatThrownBy(() -> new BaselineComparison(Path.of("."), directory, List.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("give a checkout of this project");
  }

  private static BenchReport report(double rate, double chain) {
    Table table = Table.of("Speed", "", "images/s", "%.1f");
    table.row("loop", rate);
    table.row("chain", chain);
    return new BenchReport("bench", Map.of(), Map.of(), List.of(table), List.of());
  }
}
