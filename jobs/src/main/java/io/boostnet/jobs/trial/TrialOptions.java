package io.boostnet.jobs.trial;

import io.boostnet.flink.ModelBundle;
import java.nio.file.Path;
import java.util.function.Consumer;
import picocli.CommandLine.Option;

/** Options of every trial. */
final class TrialOptions {

  @Option(names = "--bundle", required = true, description = "Model bundle: directory or .zip.")
  private String bundle;

  @Option(
      names = "--frames",
      required = true,
      description = "Frame file with labels, published over and over.")
  private Path frames;

  @Option(names = "--parallelism", description = "Subtasks of the job. Default: ${DEFAULT-VALUE}.")
  private int parallelism = 1;

  @Option(names = "--report", description = "File to write the report to, as JSON.")
  private Path report;

  @Option(names = "--plot", description = "File to draw the course of the trial in, as PNG.")
  private Path plot;

  Trial trial(Consumer<String> console) {
    return trial(parallelism, console);
  }

  Trial trial(int subtasks, Consumer<String> console) {
    return new Trial(bundle, ModelBundle.read(bundle).verify(), frames, subtasks, console);
  }

  Path report() {
    return report;
  }

  Path plot() {
    return plot;
  }
}
