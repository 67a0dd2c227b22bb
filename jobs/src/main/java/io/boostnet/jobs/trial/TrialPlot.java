package io.boostnet.jobs.trial;

import io.boostnet.jobs.ConfigException;
import java.awt.Font;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Draws the course of a trial, second by second, one chart above the other. */
final class TrialPlot {

  private static final int WIDTH = 1000;
  private static final int HEIGHT = 260;

  private final List<XYChart> charts = new ArrayList<>();
  private final Map<String, Recording> runs;

  /**
   * A plot of runs.
   *
   * @param runs runs of the same load, by name
   */
  TrialPlot(Map<String, Recording> runs) {
    this.runs = runs;
  }

  /** Adds a chart of a figure over the frames that were due in each second. */
  TrialPlot figure(String title, ToDoubleFunction<List<Recording.Decided>> figure) {
    XYChart chart = chart(title);
    runs.forEach((name, run) -> add(chart, name, run, figure));
    return this;
  }

  /** Adds a chart of a value that stays as it is until it changes. */
  TrialPlot course(String title, String name, Course course) {
    XYChart chart = chart(title);
    double[] time = course.steps().stream().mapToDouble(Course.Step::at).toArray();
    double[] value = course.steps().stream().mapToDouble(Course.Step::value).toArray();
    chart
        .addSeries(name, time, value)
        .setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Step)
        .setMarker(SeriesMarkers.NONE);
    return this;
  }

  private XYChart chart(String title) {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(title)
            .theme(Styler.ChartTheme.Matlab)
            .build();
    chart.getStyler().setLegendPosition(Styler.LegendPosition.OutsideE);
    chart.getStyler().setChartTitleFont(new Font(Font.SANS_SERIF, Font.PLAIN, 15));
    chart.getStyler().setDefaultSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Line);
    charts.add(chart);
    return chart;
  }

  private static void add(
      XYChart chart, String name, Recording run, ToDoubleFunction<List<Recording.Decided>> figure) {
    List<Recording.Decided> frames = run.frames();
    int seconds = (int) Math.ceil(frames.get(frames.size() - 1).due());
    double[] time = new double[seconds];
    double[] value = new double[seconds];
    Arrays.setAll(time, second -> second);
    int from = 0;
    for (int second = 0; second < seconds; second++) {
      int until = from;
      while (until < frames.size() && frames.get(until).due() < second + 1) {
        until++;
      }
      value[second] = figure.applyAsDouble(frames.subList(from, until));
      from = until;
    }
    chart.addSeries(name, time, value).setMarker(SeriesMarkers.NONE);
  }

  /** Writes all charts to a PNG. */
  void write(Path file) {
    try {
      BitmapEncoder.saveBitmap(
          charts, charts.size(), 1, file.toString(), BitmapEncoder.BitmapFormat.PNG);
    } catch (IOException e) {
      throw new ConfigException("The plot " + file + " cannot be written (" + e + ").", e);
    }
  }
}
