package io.boostnet.training.train;

import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * Draws the metrics of a run: loss while training and accuracy on the validation images, a line per
 * exit.
 */
final class Curves {

  private static final int WIDTH = 700;
  private static final int HEIGHT = 500;

  private Curves() {}

  /** Writes a PNG; nothing while there is no epoch to draw. */
  static void draw(List<EpochMetrics> metrics, Path file) throws IOException {
    if (metrics.isEmpty()) {
      return;
    }
    boolean validated = !metrics.get(0).validationAccuracy().isEmpty();
    XYChart loss = chart("Loss while training", "cross entropy", metrics, EpochMetrics::trainLoss);
    XYChart accuracy =
        validated
            ? chart(
                "Accuracy on validation images", "%", metrics, m -> percent(m.validationAccuracy()))
            : chart("Accuracy while training", "%", metrics, m -> percent(m.trainAccuracy()));
    BitmapEncoder.saveBitmap(List.of(loss, accuracy), 1, 2, file.toString(), BitmapFormat.PNG);
  }

  private static List<Double> percent(List<Double> shares) {
    return shares.stream().map(share -> 100 * share).toList();
  }

  private static XYChart chart(
      String title,
      String axis,
      List<EpochMetrics> metrics,
      Function<EpochMetrics, List<Double>> values) {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(title)
            .xAxisTitle("epoch")
            .yAxisTitle(axis)
            .build();
    chart
        .getStyler()
        .setLegendPosition(LegendPosition.OutsideE)
        .setChartBackgroundColor(Color.WHITE);
    double[] epochs = metrics.stream().mapToDouble(EpochMetrics::epoch).toArray();
    int exits = values.apply(metrics.get(0)).size();
    for (int k = 0; k < exits; k++) {
      int exit = k;
      double[] line = metrics.stream().mapToDouble(m -> values.apply(m).get(exit)).toArray();
      chart.addSeries("exit " + (k + 1), epochs, line).setMarker(SeriesMarkers.NONE);
    }
    return chart;
  }
}
