package io.boostnet.jobs.trial;

import io.boostnet.flink.ModelBundle;
import io.boostnet.flink.inference.Device;
import io.boostnet.flink.model.Precision;
import io.boostnet.jobs.config.ConfigException;
import io.boostnet.jobs.files.FrameFile;
import java.nio.file.Path;
import java.util.function.Consumer;
import picocli.CommandLine.Option;

/** Options of every trial, and checks of what is given. */
final class TrialOptions {

  @Option(names = "--bundle", required = true, description = "Model bundle: directory or .zip.")
  private String bundle;

  @Option(
      names = "--frames",
      required = true,
      description = "Frame file with labels, published over and over.")
  private Path frames;

  @Option(names = "--report", description = "File to write the report to, as JSON.")
  private Path report;

  /**
   * The trial of a number of subtasks.
   *
   * @throws ConfigException where bundle, frames or subtasks cannot be used
   */
  Trial trial(int subtasks, Consumer<String> console) {
    if (subtasks < 1) {
      throw new ConfigException("parallelism is " + subtasks + "; at least 1 is needed.");
    }
    FrameFile.requireLabels(frames);
    return new Trial(
        bundle,
        ModelBundle.read(bundle).served(Precision.AUTO, Device.AUTO).verify(),
        frames,
        subtasks,
        console);
  }

  Path report() {
    return report;
  }

  /** Refuses a value that is not above 0 and finite. */
  static void requirePositive(String option, double value) {
    if (!(value > 0) || Double.isInfinite(value)) {
      throw new ConfigException(option + " is " + value + "; it must be above 0 and finite.");
    }
  }
}
