package io.boostnet.training.bundle;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What a bundle was measured to do: {@code evaluation.json}. All figures come from the exported
 * stages, run in ONNX Runtime.
 *
 * @param dataSet name of the test images
 * @param images number of them
 * @param calibrationImages number of images that the thresholds were found on
 * @param exits every exit on its own ("anytime prediction")
 * @param budgetedBatch accuracy against mean cost with the published threshold search
 * @param baselines what needs no threshold: always the last exit, always the first
 */
public record Evaluation(
    String dataSet,
    int images,
    int calibrationImages,
    List<Exit> exits,
    List<BudgetedBatch.Point> budgetedBatch,
    Baselines baselines) {

  /** Standard errors of a difference that is no chance. */
  private static final int CLEARLY = 3;

  /**
   * One exit, taken by all images.
   *
   * @param exit number, from 1
   * @param macs multiply-accumulate operations per image up to here
   * @param parameters trained parameters up to here
   * @param accuracy share of the test images classified right, 0..1
   * @param meanConfidence mean confidence on the test images, 0..1
   * @param calibrationAccuracy share of the calibration images classified right, 0..1
   */
  public record Exit(
      int exit,
      long macs,
      long parameters,
      double accuracy,
      double meanConfidence,
      double calibrationAccuracy) {}

  /** Accuracy and cost without thresholds. */
  public record Baselines(Baseline neverExit, Baseline firstExit) {}

  /** Mean cost per image and accuracy. */
  public record Baseline(double meanMacs, double accuracy) {}

  public static Evaluation of(
      String dataSet, Evidence calibration, Evidence test, List<Long> macs, List<Long> parameters) {
    List<Exit> exits =
        IntStream.range(0, test.exits())
            .mapToObj(
                k ->
                    new Exit(
                        k + 1,
                        macs.get(k),
                        parameters.get(k),
                        test.accuracy(k),
                        test.meanConfidence(k),
                        calibration.accuracy(k)))
            .toList();
    Exit first = exits.get(0);
    Exit last = exits.get(exits.size() - 1);
    return new Evaluation(
        dataSet,
        test.images(),
        calibration.images(),
        exits,
        BudgetedBatch.curve(calibration, test, macs),
        new Baselines(
            new Baseline(last.macs(), last.accuracy()),
            new Baseline(first.macs(), first.accuracy())));
  }

  public void write(Path file) throws IOException {
    new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValue(file.toFile(), this);
  }

  /** What the last exit is sure of, and has right, where that is less than half of it. */
  public Optional<String> unlikelyAccuracy() {
    Exit last = exits.get(exits.size() - 1);
    return last.accuracy() < last.meanConfidence() / 2
        ? Optional.of(
            String.format(
                Locale.ROOT,
                "The last exit is sure of %.1f %% and has %.1f %% right",
                100 * last.meanConfidence(),
                100 * last.accuracy()))
        : Optional.empty();
  }

  /** The exit that has clearly fewer right than the best before it, the worst of them. */
  public Optional<String> fallingAccuracy() {
    Exit best = exits.get(0);
    String falling = null;
    double deepest = 0;
    for (Exit exit : exits) {
      double fall = best.accuracy() - exit.accuracy();
      if (fall > CLEARLY * standardError(best, exit) && fall > deepest) {
        deepest = fall;
        falling =
            String.format(
                Locale.ROOT,
                "Exit %d has %.1f %% right and exit %d, before it, %.1f %%",
                exit.exit(),
                100 * exit.accuracy(),
                best.exit(),
                100 * best.accuracy());
      }
      best = exit.accuracy() > best.accuracy() ? exit : best;
    }
    return Optional.ofNullable(falling);
  }

  /** Of the difference of two exits' accuracies, as if they were of other images. */
  private double standardError(Exit one, Exit other) {
    return Math.sqrt(
        (one.accuracy() * (1 - one.accuracy()) + other.accuracy() * (1 - other.accuracy()))
            / images);
  }

  /** Prints a line per exit. */
  public void print(PrintWriter out) {
    out.printf(
        Locale.ROOT,
        "thresholds from %,d images, accuracy on the %,d of %s:%n",
        calibrationImages,
        images,
        dataSet);
    out.printf(Locale.ROOT, "exit            MACs  accuracy  confidence%n");
    for (Exit exit : exits) {
      out.printf(
          Locale.ROOT,
          "%4d %,15d %7.2f %% %9.2f %%%n",
          exit.exit(),
          exit.macs(),
          100 * exit.accuracy(),
          100 * exit.meanConfidence());
    }
  }
}
