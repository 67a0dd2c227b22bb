package io.boostnet.training.data;

import io.boostnet.training.data.DataSets.Layout;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The options by which every command names a data set and its splits. */
public final class DataOptions {

  @Option(
      names = "--layout",
      defaultValue = "AUTO",
      description =
          "How the data set is laid out: ${COMPLETION-CANDIDATES}. AUTO finds out. Default: ${DEFAULT-VALUE}.")
  private Layout layout;

  @Option(
      names = "--split-seed",
      defaultValue = "1",
      description = "Seed of the split into train, validation and test. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(
      names = "--validation-share",
      defaultValue = "0.1",
      description =
          "Share of all images (or tracks) kept out for calibration; of the training images where there is an official test set. Default: ${DEFAULT-VALUE}.")
  private double validationShare;

  @Option(
      names = "--test-share",
      defaultValue = "0.2",
      description =
          "Share of the images (or tracks) to measure on, where there is no official test set. Default: ${DEFAULT-VALUE}.")
  private double testShare;

  /** Opens a data set as these options say. */
  public DataSplits open(Path path) {
    return DataSets.open(path, layout, plan());
  }

  /** How the data set is laid out. */
  public Layout layout() {
    return layout;
  }

  /** How the data set is cut. */
  public SplitPlan plan() {
    return new SplitPlan(seed, validationShare, testShare);
  }
}
