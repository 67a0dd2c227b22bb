package io.boostnet.jobs.cli;

import io.boostnet.flink.model.CostUnit;
import io.boostnet.jobs.config.ConfigException;
import picocli.CommandLine.Option;

/** What the costs of a command count in. */
public final class CostOptions {

  @Option(
      names = "--cost",
      description =
          "What costs count in: time, as the bundle states it for its stages, or macs, operations."
              + " Default: ${DEFAULT-VALUE}.")
  private String unit = "time";

  /**
   * The unit that was chosen.
   *
   * @throws ConfigException where it is none
   */
  public CostUnit unit() {
    try {
      return CostUnit.parse(unit);
    } catch (IllegalArgumentException e) {
      throw new ConfigException("The " + e.getMessage() + ".", e);
    }
  }
}
