package io.boostnet.jobs.replay;

import io.boostnet.flink.ModelBundle;
import io.boostnet.flink.exit.Evidence;
import io.boostnet.flink.inference.Device;
import io.boostnet.flink.model.StageCost;
import io.boostnet.jobs.cli.CostOptions;
import io.boostnet.jobs.cli.PrecisionOptions;
import io.boostnet.jobs.config.ConfigException;
import io.boostnet.jobs.files.EvidenceFile;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options that say where the evidence is. */
final class EvidenceOptions {

  @Option(
      names = "--bundle",
      description = "Model bundle: thresholds are solved on its calibration evidence.")
  private String bundle;

  @Option(
      names = "--calibration",
      description = "In place of --bundle: evidence file (.avro) to solve thresholds on.")
  private Path calibration;

  @Option(
      names = "--evidence",
      description =
          "Evidence file (.avro) of test images to judge on, as 'evaluate --write-evidence' makes"
              + " it. Without it the calibration evidence is cut in two halves at random: one to"
              + " solve on, one to judge on.")
  private Path evidence;

  @Option(
      names = "--drift-evidence",
      description =
          "Evidence file (.avro) of corrupted frames ('evaluate --corrupt ... --write-evidence'),"
              + " for the scenario corruption.")
  private Path driftEvidence;

  @Option(
      names = "--costs",
      split = ",",
      description =
          "Cost from the input to each exit, in any one unit, separated by commas. Needed with"
              + " --calibration; default with --bundle: as it states them, in the unit of --cost.")
  private double[] costs;

  @Mixin private PrecisionOptions form;

  @Mixin private CostOptions cost;

  /**
   * Reads the evidence.
   *
   * @param seed of the halves, where there is no test evidence
   * @throws ConfigException where it is not given as it must be, or does not fit
   */
  ReplayInput read(long seed) {
    if ((bundle == null) == (calibration == null)) {
      throw new ConfigException("Give either --bundle or --calibration, and not both.");
    }
    if (calibration != null && costs == null) {
      throw new ConfigException(
          "--calibration needs --costs: the cost from the input to each exit, as 1,2,3.");
    }
    ModelBundle read =
        bundle == null ? null : ModelBundle.read(bundle).served(form.precision(), Device.AUTO);
    Evidence known = read == null ? EvidenceFile.read(calibration) : read.calibration();
    Evidence corrupted = driftEvidence == null ? null : EvidenceFile.read(driftEvidence);
    try {
      StageCost shares =
          costs == null ? read.cascade().cost(cost.unit()) : StageCost.ofCumulative(costs);
      String name =
          read == null
              ? calibration.getFileName().toString()
              : "%s %s in %s, costs in %s"
                  .formatted(
                      read.cascade().name(),
                      read.cascade().version(),
                      read.precision(),
                      costs == null ? read.cascade().unitOf(cost.unit()) : "units given");
      if (evidence != null) {
        return new ReplayInput(
            name, shares, known, EvidenceFile.read(evidence), evidence.toString(), corrupted);
      }
      RandomSplit halves = RandomSplit.of(List.of(known), known.images() / 2, seed);
      return new ReplayInput(
          name,
          shares,
          halves.calibration(),
          halves.test(),
          "the other half of the calibration evidence, cut at random; no --evidence was given",
          corrupted);
    } catch (IllegalArgumentException e) {
      throw new ConfigException("The evidence cannot be used: " + e.getMessage() + ".", e);
    }
  }
}
