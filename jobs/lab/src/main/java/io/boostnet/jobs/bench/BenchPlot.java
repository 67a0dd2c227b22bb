package io.boostnet.jobs.bench;

import io.boostnet.jobs.files.PngFile;
import java.awt.Font;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.style.Styler;

/** Draws the tables of a report, one chart below the other: bars of chosen columns. */
final class BenchPlot {

  private static final int WIDTH = 1100;
  private static final int HEIGHT = 380;

  private BenchPlot() {}

  static void write(Path file, List<Table> tables) {
    List<CategoryChart> charts = new ArrayList<>();
    for (Table table : tables) {
      switch (table.title()) {
        case "Throughput" -> charts.add(chart(table, "images/s"));
        case "Latency, Kafka to Kafka" -> charts.add(chart(table, "p50", "p95", "p99", "p99.9"));
        case "Number of stages" -> charts.add(chart(table, "bare loop, CPU µs", "chain, CPU µs"));
        case "Micro-batch size" -> charts.add(chart(table, "images/s"));
        case "Image size" -> charts.add(chart(table, "CPU ms per image"));
        case "Scaling" ->
            charts.add(
                chart(
                    table,
                    table.columns().keySet().stream()
                        .filter(column -> column.startsWith("images/s"))
                        .toArray(String[]::new)));
        default -> {}
      }
    }
    if (charts.isEmpty()) {
      return;
    }
    PngFile.write(file, charts);
  }

  private static CategoryChart chart(Table table, String... columns) {
    CategoryChart chart =
        new CategoryChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(table.title())
            .theme(Styler.ChartTheme.Matlab)
            .build();
    chart.getStyler().setChartTitleFont(new Font(Font.SANS_SERIF, Font.PLAIN, 15));
    chart.getStyler().setLegendPosition(Styler.LegendPosition.OutsideE);
    List<String> names =
        table.rows().stream().map(row -> row.name().split(", Kafka to Kafka")[0]).toList();
    for (String column : columns) {
      chart.addSeries(
          column,
          names,
          table.rows().stream().map(row -> row.figures().getOrDefault(column, 0.0)).toList());
    }
    return chart;
  }
}
