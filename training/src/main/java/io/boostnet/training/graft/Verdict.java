package io.boostnet.training.graft;

import io.boostnet.training.bundle.BudgetedBatch;
import io.boostnet.training.bundle.Evaluation;
import io.boostnet.training.bundle.Evaluation.Exit;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * Whether exits pay: what the grafted network costs for an accuracy, against the plain network,
 * which always costs the same. On the test images, with thresholds from the validation images.
 *
 * @param images the test images
 * @param plainMacs operations of the network without exits
 * @param exits every exit, taken by all images; the last is the network's own
 * @param points the grafted network's mean operations and accuracy, cheapest first
 */
record Verdict(int images, long plainMacs, List<Exit> exits, List<BudgetedBatch.Point> points) {

  private static final double LOSS = 0.005;

  static Verdict of(Evaluation evaluation, long plainMacs) {
    List<BudgetedBatch.Point> points =
        evaluation.budgetedBatch().stream()
            .sorted(Comparator.comparingDouble(BudgetedBatch.Point::meanMacs))
            .toList();
    return new Verdict(evaluation.images(), plainMacs, evaluation.exits(), points);
  }

  private double plainAccuracy() {
    return exits.get(exits.size() - 1).accuracy();
  }

  /** One to three sentences. */
  String sentence() {
    return doubt().map(doubt -> judgement() + " " + doubt).orElseGet(this::judgement);
  }

  /**
   * Heads are trained on these images and labels, the network's own exit was not: where a head is
   * the better one, by more than two standard errors, the network may have got other pixels or
   * other classes than it was trained with, or was not trained to its end, and a ratio to its
   * accuracy means little.
   */
  private Optional<String> doubt() {
    double plain = plainAccuracy();
    Exit best = Collections.max(exits, Comparator.comparingDouble(Exit::accuracy));
    double head = best.accuracy();
    double error = Math.sqrt((plain * (1 - plain) + head * (1 - head)) / images);
    if (head - plain <= Math.max(2 * error, LOSS)) {
      return Optional.empty();
    }
    return Optional.of(
        String.format(
            Locale.ROOT,
            "But a head on the network's features (exit %d, %.2f %%) has more right than its own"
                + " exit (%.2f %%): either its training ended early, or --preprocessing or --labels are"
                + " not those that it was trained with.",
            best.exit(),
            100 * head,
            100 * plain));
  }

  private String judgement() {
    double plainAccuracy = plainAccuracy();
    return points.stream()
        .filter(point -> point.accuracy() >= plainAccuracy - LOSS)
        .findFirst()
        .filter(point -> point.meanMacs() < plainMacs)
        .map(
            point ->
                String.format(
                    Locale.ROOT,
                    "Early exits pay: %.2f of the plain network's operations for %.2f %% instead of"
                        + " %.2f %% of the %,d test images (%.2f times fewer for at most 0.5 points; one standard error is %.2f).",
                    point.meanMacs() / plainMacs,
                    100 * point.accuracy(),
                    100 * plainAccuracy,
                    images,
                    plainMacs / point.meanMacs(),
                    100 * Math.sqrt(plainAccuracy * (1 - plainAccuracy) / images)))
        .orElseGet(this::loss);
  }

  private String loss() {
    double plainAccuracy = plainAccuracy();
    double best =
        points.stream()
            .filter(point -> point.meanMacs() <= plainMacs)
            .mapToDouble(BudgetedBatch.Point::accuracy)
            .max()
            .orElse(0);
    return String.format(
        Locale.ROOT,
        "Early exits do not pay here: for the plain network's operations they have %.2f %% of the"
            + " %,d test images right, and it alone %.2f %%, %.2f points more. Try exits elsewhere (--at,"
            + " --list-cuts), more images or more --epochs; or serve it without exits.",
        100 * best,
        images,
        100 * plainAccuracy,
        100 * (plainAccuracy - best));
  }

  /** Draws accuracy against cost, with the plain network as a point and a line. */
  void draw(Path file) throws IOException {
    XYChart chart =
        new XYChartBuilder()
            .width(800)
            .height(500)
            .title("Accuracy against cost, test images")
            .xAxisTitle("mean operations, of the plain network's")
            .yAxisTitle("accuracy, %")
            .build();
    chart.getStyler().setChartBackgroundColor(Color.WHITE);
    double[] costs = points.stream().mapToDouble(p -> p.meanMacs() / plainMacs).toArray();
    double[] accuracies = points.stream().mapToDouble(p -> 100 * p.accuracy()).toArray();
    chart.addSeries("with exits", costs, accuracies).setMarker(SeriesMarkers.CIRCLE);
    double most = Math.max(1, costs[costs.length - 1]);
    chart
        .addSeries(
            "without exits",
            new double[] {0, most},
            new double[] {100 * plainAccuracy(), 100 * plainAccuracy()})
        .setMarker(SeriesMarkers.NONE);
    BitmapEncoder.saveBitmap(chart, file.toString(), BitmapFormat.PNG);
  }
}
