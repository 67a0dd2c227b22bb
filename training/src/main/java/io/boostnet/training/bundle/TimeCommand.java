package io.boostnet.training.bundle;

import io.boostnet.schema.ModelManifest;
import io.boostnet.schema.StageTimes;
import io.boostnet.schema.StageVariant;
import io.boostnet.training.data.DataOptions;
import io.boostnet.training.data.InputFormat;
import io.boostnet.training.input.BadInputException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code time}: measures what the stages of a bundle take on this machine. */
@Command(
    name = "time",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Times the stages of a bundle on this machine, in every form that they have, and writes the times into its manifest: budgets,"
            + " thresholds and quotas count in them wherever the bundle is served. Whatever makes bundles does this by itself; run it"
            + " where the bundle is to serve, if serve says that the machine takes other shares.",
    footer = {"", "Example:", "  boostnet time bundles/small"})
public final class TimeCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "BUNDLE", description = "Directory of the bundle.")
  private Path bundle;

  @Option(
      names = "--data",
      description = "Data set to take the inputs from, its validation images. Default: noise.")
  private Path data;

  @Option(
      names = "--micro-batch",
      description = "Rows of a call, 1 to 256. Default: ${DEFAULT-VALUE}.")
  private int microBatch = TimedStages.MICRO_BATCH;

  @Mixin private DataOptions dataOptions;

  @Override
  public Integer call() throws IOException {
    if (microBatch < 1 || microBatch > 256) {
      throw BadInputException.of("--micro-batch is %d; it must be 1 to 256.", microBatch);
    }
    BundleFolder folder = new BundleFolder(bundle);
    InputFormat format = InputFormat.of(folder.manifest().getPreprocessing());
    float[][] inputs =
        GoldenRows.inputs(
            Optional.ofNullable(data).map(dataOptions::open), format, GoldenRows.COUNT);
    ModelManifest timed = TimedStages.write(folder, inputs, microBatch);
    PrintWriter out = spec.commandLine().getOut();
    out.println(timed.getTimes().getMachine());
    print("fp32", timed.getTimes(), out);
    for (StageVariant variant : timed.getVariants()) {
      print(variant.getPrecision().name().toLowerCase(Locale.ROOT), variant.getTimes(), out);
    }
    return 0;
  }

  private static void print(String form, StageTimes times, PrintWriter out) {
    double[] shares = TimedStages.cumulativeShares(times);
    double sum = 0;
    out.printf(
        "%n%s, micro-batches of %d%nexit  ms an image   cost%n", form, times.getMicroBatch());
    for (int k = 0; k < shares.length; k++) {
      sum += times.getNanos().get(k) / 1e6;
      out.printf(Locale.ROOT, "%4d  %11.3f  %5.3f%n", k + 1, sum, shares[k]);
    }
  }
}
