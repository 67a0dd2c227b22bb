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

  @Option(names = "--rate", description = "Frames per second. Default: 100.")
  private Double rate;

  @Option(names = "--peak", description = "Frames per second at the peak. Default: 4 x --rate.")
  private Double peak;

  @Option(names = "--period", description = "Seconds of a period. Default: 60.")
  private Double period;

  @Option(names = "--burst", description = "Seconds a burst lasts. Default: a quarter of --period.")
  private Double burst;

  @Option(
      names = "--phases",
      description = "Seconds and frames per second of each phase, such as 120:200,30:320.")
  private String phases;

  /**
   * The profile described.
   *
   * @throws IllegalArgumentException with the name, the value and the range of a bad one, or the
   *     name of an option that the profile has no use for
   */
  public LoadProfile toProfile() {
    boolean periodic = shape == Shape.BURST || shape == Shape.RAMP || shape == Shape.DIURNAL;
    requireUse("--rate", rate, shape != Shape.PHASES);
    requireUse("--peak", peak, periodic);
    requireUse("--period", period, periodic);
    requireUse("--burst", burst, shape == Shape.BURST);
    requireUse("--phases", phases, shape == Shape.PHASES);
    double base = rate == null ? 100 : rate;
    double top = peak == null ? 4 * base : peak;
    double every = period == null ? 60 : period;
    return switch (shape) {
      case STEADY -> new LoadProfile.Steady(base);
      case BURST -> new LoadProfile.Burst(base, top, every, burst == null ? every / 4 : burst);
      case RAMP -> new LoadProfile.Ramp(base, top, every);
      case PHASES -> LoadProfile.Phases.parse(phases == null ? "" : phases);
      case DIURNAL -> new LoadProfile.Diurnal(base, top, every);
    };
  }

  private void requireUse(String option, Object value, boolean used) {
    if (value != null && !used) {
      throw new IllegalArgumentException(
          "%s is %s, which profile %s has no use for; leave it out, or choose another --profile"
              .formatted(option, value, shape));
    }
  }
}
