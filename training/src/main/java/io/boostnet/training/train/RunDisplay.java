package io.boostnet.training.train;

import io.boostnet.training.torch.Learner;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;

/**
 * Shows a run: a progress bar with images per second and the time left on a terminal, and a line
 * per epoch everywhere.
 */
final class RunDisplay implements Trainer.Listener, AutoCloseable {

  private final PrintWriter out;
  private final int epochs;
  private final ProgressBar bar;
  private double loss = Double.NaN;

  /**
   * @param images images of the whole run
   * @param done images that are behind it already
   * @param terminal whether to draw the bar
   */
  RunDisplay(PrintWriter out, int epochs, long images, long done, boolean terminal) {
    this.out = out;
    this.epochs = epochs;
    this.bar =
        terminal
            ? new ProgressBarBuilder()
                .setTaskName("train")
                .setInitialMax(images)
                .startsFrom(done, Duration.ZERO)
                .setUnit(" images", 1)
                .showSpeed()
                .setUpdateIntervalMillis(500)
                .build()
            : null;
  }

  @Override
  public void stepped(int epoch, long images, Learner.Outcome outcome) {
    double last = outcome.losses()[outcome.losses().length - 1];
    loss = Double.isNaN(loss) ? last : 0.98 * loss + 0.02 * last;
    if (bar != null) {
      bar.stepTo(images);
      bar.setExtraMessage(
          String.format(
              Locale.ROOT, " epoch %d/%d, loss of the last exit %.3f", epoch, epochs, loss));
    }
  }

  @Override
  public void finished(EpochMetrics metrics) {
    boolean validated = !metrics.validationAccuracy().isEmpty();
    List<Double> accuracy = validated ? metrics.validationAccuracy() : metrics.trainAccuracy();
    String line =
        String.format(
            Locale.ROOT,
            "epoch %d/%d: %s accuracy %s %%, %.0f images/s",
            metrics.epoch(),
            epochs,
            validated ? "validation" : "training",
            accuracy.stream()
                .map(a -> String.format(Locale.ROOT, "%.1f", 100 * a))
                .collect(Collectors.joining(" ")),
            metrics.imagesPerSecond());
    out.println((bar == null ? "" : "\r\033[K") + line);
    out.flush();
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
