package io.boostnet.jobs.cli;

import io.boostnet.flink.ModelBundle;
import io.boostnet.flink.exit.Thresholds;
import io.boostnet.flink.model.CostUnit;
import io.boostnet.jobs.config.ConfigException;
import io.boostnet.jobs.config.ExitThresholds;
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

  @Option(
      names = "--mean-cost",
      description =
          "In place of thresholds: the mean cost per frame, as a share of the full network's; solved"
              + " on the bundle's calibration evidence.")
  private Double meanCost;

  /**
   * The thresholds for a bundle; null where no option is given.
   *
   * @param unit what the mean cost counts in
   * @throws ConfigException where they do not fit the bundle
   */
  public Thresholds thresholds(ModelBundle bundle, CostUnit unit) {
    try {
      return new ExitThresholds(thresholds, exitShares, meanCost).of(bundle, unit);
    } catch (IllegalArgumentException e) {
      throw new ConfigException("The exits cannot be set: " + e.getMessage() + ".", e);
    }
  }
}
