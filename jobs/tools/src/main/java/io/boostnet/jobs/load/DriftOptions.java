package io.boostnet.jobs.load;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options that describe a {@link StreamDrift}. */
public final class DriftOptions {

  @Mixin private CorruptionOptions corruption;

  @Option(
      names = "--corrupt-from",
      description =
          "First frame that is corrupted: its number in the stream, as 10000, or when it is due, as"
              + " 30s. Default: 0.")
  private String corruptFrom = "0";

  @Option(
      names = "--class-mix",
      description =
          "Mix of the classes: class:weight pairs separated by commas, * for all other classes."
              + " 3:1,7:1 publishes classes 3 and 7 alone; 3:4,*:1 has class 3 four times as often.")
  private String classMix;

  @Option(
      names = "--class-mix-from",
      description = "First frame of the mix, as for --corrupt-from. Default: 0.")
  private String classMixFrom = "0";

  /** Seed of everything that is drawn. */
  long seed() {
    return corruption.seed();
  }

  /**
   * The drift described.
   *
   * @throws IllegalArgumentException where it is none
   */
  public StreamDrift toDrift() {
    return new StreamDrift(
        corruption.corruption(),
        StreamDrift.Start.parse(corruptFrom),
        classMix == null ? null : ClassMix.parse(classMix),
        StreamDrift.Start.parse(classMixFrom),
        corruption.seed());
  }
}
