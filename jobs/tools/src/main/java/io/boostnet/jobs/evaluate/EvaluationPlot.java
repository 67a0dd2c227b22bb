package io.boostnet.jobs.evaluate;

import io.boostnet.jobs.files.PngFile;
import java.nio.file.Path;
import java.util.List;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler;

/** Accuracy against cost as a PNG. */
final class EvaluationPlot {

  private EvaluationPlot() {}

  /** Draws a report whose frames have labels. */
  static void write(Path file, EvaluationReport report) {
    XYChart chart =
        new XYChartBuilder()
            .width(800)
            .height(550)
            .title(report.bundle() + ", " + report.labelled() + " labelled frames")
            .xAxisTitle("mean cost, share of the full network")
            .yAxisTitle("accuracy, %")
            .theme(Styler.ChartTheme.Matlab)
            .build();
    chart.getStyler().setLegendPosition(Styler.LegendPosition.InsideSE);
    chart.getStyler().setXAxisMin(0.0).setXAxisMax(1.02);
    chart.addSeries(
        "anytime: all frames at one exit",
        report.anytime().stream().mapToDouble(EvaluationReport.Exit::cost).toArray(),
        report.anytime().stream().mapToDouble(exit -> 100 * exit.accuracy()).toArray());
    EvaluationReport.BudgetedBatch batch = report.budgetedBatch();
    if (batch != null) {
      chart.addSeries(
          "budgeted batch: by confidence",
          new double[] {batch.meanCost()},
          new double[] {100 * batch.accuracy()});
    }
    PngFile.write(file, List.of(chart));
  }
}
