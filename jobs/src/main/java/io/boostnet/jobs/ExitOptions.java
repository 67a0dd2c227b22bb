package io.boostnet.jobs;

import io.boostnet.flink.ModelBundle;
import io.boostnet.flink.exit.Thresholds;
import java.util.List;
import picocli.CommandLine.Option;

/** Options that say where frames leave. */
public final class ExitOptions {

  @Option(
      names = "--thresholds",
      split = ",",
      description = "One per exit, separated by commas, the last 0.")
  private List<Double> thresholds;

  @Option(
      names = "--exit-shares",
      split = ",",
      description =
          "In place of thresholds: the share of frames meant to leave at each exit, on the bundle's"
              + " calibration evidence.")
  private List<Double> exitShares;

  /**
   * The thresholds for a bundle; null where neither option is given.
   *
   * @throws ConfigException where they do not fit the bundle
   */
  public Thresholds thresholds(ModelBundle bundle) {
    return ExitThresholds.of(bundle, thresholds, exitShares);
  }
}
