package io.boostnet.jobs.trial;

import io.boostnet.jobs.files.PngFile;
import java.awt.Font;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Draws the course of a trial, second by second, one chart above the other. */
final class TrialPlot {

  private static final int WIDTH = 1000;
  private static final int HEIGHT = 260;
  private static final int TICKS = 16;

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
    return figure(title, 1, figure);
  }

  /** The same over the frames of several seconds. */
  TrialPlot figure(String title, int seconds, ToDoubleFunction<List<Recording.Decided>> figure) {
    XYChart chart = chart(title);
    runs.forEach((name, run) -> add(chart, name, run, seconds, figure));
    return this;
  }

  /** Adds a chart of values that stay as they are until they change, by name. */
  TrialPlot courses(String title, Map<String, Course> courses) {
    XYChart chart = chart(title);
    double end = end();
    courses.forEach(
        (name, course) -> {
          List<Course.Step> steps = new ArrayList<>(course.steps());
          steps.removeIf(step -> step.at() < 0 || step.at() > end);
          steps.add(0, new Course.Step(0, course.at(0)));
          steps.add(new Course.Step(end, course.at(end)));
          chart
              .addSeries(
                  name,
                  steps.stream().mapToDouble(Course.Step::at).toArray(),
                  steps.stream().mapToDouble(Course.Step::value).toArray())
              .setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Step)
              .setMarker(SeriesMarkers.NONE);
        });
    return this;
  }

  /** When the last frame of any run was due. */
  private double end() {
    return runs.values().stream()
        .mapToDouble(run -> run.frames().get(run.frames().size() - 1).due())
        .max()
        .orElse(0);
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
    chart.getStyler().setXAxisMin(0.0).setXAxisMax(end());
    chart.getStyler().setXAxisMaxLabelCount(TICKS);
    charts.add(chart);
    return chart;
  }

  private static void add(
      XYChart chart,
      String name,
      Recording run,
      int seconds,
      ToDoubleFunction<List<Recording.Decided>> figure) {
    List<Recording.Decided> frames = run.frames();
    int points = (int) Math.ceil(frames.get(frames.size() - 1).due() / seconds);
    double[] time = new double[points];
    double[] value = new double[points];
    Arrays.setAll(time, point -> point * seconds);
    int from = 0;
    for (int point = 0; point < points; point++) {
      int until = from;
      while (until < frames.size() && frames.get(until).due() < (point + 1) * seconds) {
        until++;
      }
      value[point] = figure.applyAsDouble(frames.subList(from, until));
      from = until;
    }
    chart.addSeries(name, time, value).setMarker(SeriesMarkers.NONE);
  }

  /** Writes all charts to a PNG. */
  void write(Path file) {
    for (XYChart chart : charts) {
      chart.getStyler().setLegendVisible(chart.getSeriesMap().size() > 1);
    }
    charts.get(charts.size() - 1).setXAxisTitle("seconds");
    PngFile.write(file, charts);
  }
}
