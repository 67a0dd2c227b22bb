package io.boostnet.jobs.load;

import picocli.CommandLine.Option;

/** Options that describe a {@link LoadProfile}. */
public final class ProfileOptions {

  /** Names of the profiles. */
  public enum Shape {
    STEADY,
    BURST,
    RAMP,
    DIURNAL,
    PHASES
  }

  @Option(
      names = "--profile",
      description =
          "Course of the rate: ${COMPLETION-CANDIDATES}. Default: STEADY. BURST: --peak at the end"
              + " of every --period, for --burst. RAMP: from --rate to --peak over one --period."
              + " DIURNAL: from --rate to --peak and back in every --period."
              + " PHASES: the rates of --phases.")
  private Shape shape = Shape.STEADY;

  @Option(names = "--rate", description = "Frames per second. Default: ${DEFAULT-VALUE}.")
  private double rate = 100;

  @Option(names = "--peak", description = "Frames per second at the peak. Default: 4 x --rate.")
  private Double peak;

  @Option(names = "--period", description = "Seconds of a period. Default: ${DEFAULT-VALUE}.")
  private double period = 60;

  @Option(names = "--burst", description = "Seconds a burst lasts. Default: a quarter of --period.")
  private Double burst;

  @Option(
      names = "--phases",
      description = "Seconds and frames per second of each phase, such as 120:200,30:320.")
  private String phases;

  /**
   * The profile described.
   *
   * @throws IllegalArgumentException with the name, the value and the range of a bad one
   */
  public LoadProfile toProfile() {
    double top = peak == null ? 4 * rate : peak;
    return switch (shape) {
      case STEADY -> new LoadProfile.Steady(rate);
      case BURST -> new LoadProfile.Burst(rate, top, period, burst == null ? period / 4 : burst);
      case RAMP -> new LoadProfile.Ramp(rate, top, period);
      case PHASES -> LoadProfile.Phases.parse(phases == null ? "" : phases);
      case DIURNAL -> new LoadProfile.Diurnal(rate, top, period);
    };
  }
}
