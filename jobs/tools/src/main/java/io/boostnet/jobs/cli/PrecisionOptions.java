package io.boostnet.jobs.cli;

import io.boostnet.flink.model.Precision;
import io.boostnet.jobs.config.ConfigException;
import picocli.CommandLine.Option;

/** Which form of a bundle's stages a command takes. */
public final class PrecisionOptions {

  @Option(
      names = "--precision",
      description =
          "Which form of the stages: auto for the faster one here, fp32 or int8. Default:"
              + " ${DEFAULT-VALUE}.")
  private String precision = "auto";

  /**
   * The form that was chosen.
   *
   * @throws ConfigException where it is none
   */
  public Precision precision() {
    try {
      return Precision.parse(precision);
    } catch (IllegalArgumentException e) {
      throw new ConfigException("The " + e.getMessage() + ".", e);
    }
  }
}
