package io.boostnet.jobs.bench;

import io.boostnet.jobs.files.PngFile;
import java.nio.file.Path;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Draws the course of a soak: memory, what is counted, and throughput. */
final class SoakPlot {

  private SoakPlot() {}

  static void write(Path file, List<SoakReport.Point> points) {
    XYChart memory = chart("memory, MB");
    add(memory, "resident", points, p -> p.held().residentMegabytes());
    add(memory, "live heap", points, p -> p.held().heapMegabytes());
    add(memory, "metaspace", points, p -> p.held().metaspaceMegabytes());
    add(memory, "direct buffers", points, p -> p.held().directMegabytes());
    XYChart counts = chart("held");
    add(counts, "threads", points, p -> p.held().threads());
    add(counts, "open files", points, p -> p.held().files());
    add(counts, "ONNX tensors", points, p -> p.held().onnxTensors());
    add(counts, "ONNX sessions", points, p -> p.held().sessions());
    XYChart throughput = chart("outcomes per second");
    add(throughput, "outcomes/s", points, SoakReport.Point::outcomesPerSecond);
    PngFile.write(file, List.of(memory, counts, throughput));
  }

  private static XYChart chart(String title) {
    XYChart chart =
        new XYChartBuilder()
            .width(1000)
            .height(300)
            .title(title)
            .xAxisTitle("minutes")
            .theme(Styler.ChartTheme.Matlab)
            .build();
    chart.getStyler().setLegendPosition(Styler.LegendPosition.OutsideE);
    chart.getStyler().setYAxisMin(0.0);
    return chart;
  }

  private static void add(
      XYChart chart,
      String name,
      List<SoakReport.Point> points,
      ToDoubleFunction<SoakReport.Point> figure) {
    chart
        .addSeries(
            name,
            points.stream().mapToDouble(SoakReport.Point::minute).toArray(),
            points.stream().mapToDouble(figure).toArray())
        .setMarker(SeriesMarkers.NONE);
  }
}
