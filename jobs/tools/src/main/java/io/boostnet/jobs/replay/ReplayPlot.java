package io.boostnet.jobs.replay;

import io.boostnet.jobs.files.PngFile;
import io.boostnet.jobs.replay.ReplayReport.FrontierRow;
import io.boostnet.jobs.replay.ReplayReport.Point;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * A report as one PNG: the frontier, and below it a row of charts for every run: rate, backlog,
 * cost and accuracy over time.
 */
final class ReplayPlot {

  private static final int WIDTH = 460;
  private static final int HEIGHT = 320;
  private static final int CHARTS = 4;

  /** What is drawn of a run, and how; more would hide it. */
  private static final Map<String, Color> POLICIES =
      Map.of(
          "never-exit", Color.GRAY, "static", new Color(0xd9, 0x82, 0x1f), Policies.OURS, blue());

  private ReplayPlot() {}

  /** Draws a report. */
  static void write(Path file, ReplayReport report) {
    List<List<XYChart>> rows = new ArrayList<>();
    rows.add(List.of(frontier(report)));
    report.runs().forEach(run -> rows.add(charts(run)));
    BufferedImage image =
        new BufferedImage(CHARTS * WIDTH, rows.size() * HEIGHT, BufferedImage.TYPE_INT_RGB);
    Graphics2D canvas = image.createGraphics();
    for (int row = 0; row < rows.size(); row++) {
      int x = 0;
      for (XYChart chart : rows.get(row)) {
        canvas.drawImage(BitmapEncoder.getBufferedImage(chart), x, row * HEIGHT, null);
        x += chart.getWidth();
      }
    }
    canvas.dispose();
    PngFile.write(file, image);
  }

  private static XYChart frontier(ReplayReport report) {
    XYChart chart =
        chart(CHARTS * WIDTH, report.name(), "mean cost, share of the full network", "accuracy, %");
    List<FrontierRow> rows = report.frontier().rows();
    line(
        chart, "published search", Color.GRAY, rows, FrontierRow::budget, r -> 100 * r.published());
    line(chart, Policies.OURS, blue(), rows, FrontierRow::budget, r -> 100 * r.ours());
    line(chart, Policies.ORACLE, Color.BLACK, rows, FrontierRow::budget, r -> 100 * r.oracle());
    line(
        chart,
        "cross-fitted oracle",
        new Color(0x3a, 0x8f, 0x4d),
        rows,
        FrontierRow::budget,
        r -> 100 * r.crossFitted());
    return chart;
  }

  private static List<XYChart> charts(ReplayReport.Run run) {
    String title = run.budget() + ", " + run.scenario();
    XYChart rate = chart(WIDTH, title, "s", "images/s");
    XYChart backlog = chart(WIDTH, "backlog's age", "s", "s");
    XYChart cost = chart(WIDTH, "cost", "s", "share of the full network");
    XYChart accuracy = chart(WIDTH, "accuracy", "s", "%");
    List<Point> ours = series(run, Policies.OURS);
    rate.getStyler().setYAxisMin(0.0);
    double oldest =
        run.rows().stream()
            .flatMap(row -> row.series().stream())
            .mapToDouble(Point::backlogSeconds)
            .max()
            .orElseThrow();
    backlog.getStyler().setYAxisMin(0.0).setYAxisMax(Math.max(1, oldest));
    cost.getStyler().setYAxisMin(0.0).setYAxisMax(1.02);
    line(rate, "offered", Color.BLACK, ours, Point::seconds, Point::offeredPerSecond);
    line(cost, "budget", Color.BLACK, ours, Point::seconds, Point::budget);
    for (String policy : List.of("never-exit", "static", Policies.OURS)) {
      Color colour = POLICIES.get(policy);
      List<Point> points = series(run, policy);
      line(rate, policy, colour, points, Point::seconds, Point::servedPerSecond);
      line(backlog, policy, colour, points, Point::seconds, Point::backlogSeconds);
      line(cost, policy, colour, points, Point::seconds, Point::meanCost);
      line(accuracy, policy, colour, points, Point::seconds, point -> percent(point.accuracy()));
    }
    return List.of(rate, backlog, cost, accuracy);
  }

  private static List<Point> series(ReplayReport.Run run, String policy) {
    return run.rows().stream()
        .filter(row -> row.policy().equals(policy))
        .findFirst()
        .orElseThrow()
        .series();
  }

  private static XYChart chart(int width, String title, String xAxis, String yAxis) {
    XYChart chart =
        new XYChartBuilder()
            .width(width)
            .height(HEIGHT)
            .title(title)
            .xAxisTitle(xAxis)
            .yAxisTitle(yAxis)
            .theme(Styler.ChartTheme.Matlab)
            .build();
    chart
        .getStyler()
        .setLegendPosition(Styler.LegendPosition.OutsideS)
        .setLegendLayout(Styler.LegendLayout.Horizontal);
    chart.getStyler().setXAxisDecimalPattern("#.##").setXAxisTickMarkSpacingHint(90);
    return chart;
  }

  /** Points without a figure are left out. */
  private static <T> void line(
      XYChart chart,
      String name,
      Color colour,
      List<T> points,
      ToDoubleFunction<T> x,
      Function<T, Double> y) {
    List<T> drawn = points.stream().filter(point -> y.apply(point) != null).toList();
    chart
        .addSeries(
            name,
            drawn.stream().mapToDouble(x).toArray(),
            drawn.stream().mapToDouble(y::apply).toArray())
        .setMarker(SeriesMarkers.NONE)
        .setLineColor(colour);
  }

  private static Double percent(Double share) {
    return share == null ? null : Double.valueOf(100 * share);
  }

  private static Color blue() {
    return new Color(0x1f, 0x5f, 0xbf);
  }
}
