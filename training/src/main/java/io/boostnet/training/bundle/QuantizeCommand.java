package io.boostnet.training.bundle;

import io.boostnet.schema.ModelManifest;
import io.boostnet.schema.Provenance;
import io.boostnet.training.data.DataOptions;
import io.boostnet.training.data.DataSets;
import io.boostnet.training.data.DataSplits;
import io.boostnet.training.data.SplitPlan;
import io.boostnet.training.input.BadInputException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code quantize}: gives a bundle its stages in 8 bits, beside those that it has. */
@Command(
    name = "quantize",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Gives a bundle of an MSDNet or RANet its stages in 8 bits, beside those that it has: whoever serves it takes the faster"
            + " ones. Ranges are found on training images; evidence, golden rows and evaluation are those of the 8-bit stages."
            + " Where the bundle tells how its data set was cut, it is cut so.",
    footer = {"", "Example:", "  boostnet quantize bundles/small --data cifar-100-binary.tar.gz"})
public final class QuantizeCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "BUNDLE", description = "Directory of the bundle.")
  private Path bundle;

  @Option(names = "--data", required = true, description = "The data set that it was trained on.")
  private Path data;

  @Option(
      names = "--threads",
      description = "Threads of ONNX Runtime for the evidence. Default: all processors.")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Mixin private DataOptions dataOptions;

  @Override
  public Integer call() throws IOException {
    BundleFolder folder = new BundleFolder(bundle);
    DataSplits splits = open(folder.manifest());
    Evaluation evaluation =
        new QuantizedForm(folder, splits, threads, System.console() != null).add();
    spec.commandLine().getOut().printf("%s: stages in 8 bits%n", bundle);
    evaluation.print(spec.commandLine().getOut());
    return 0;
  }

  /** The data set as it was cut for the training, where the bundle says how. */
  private DataSplits open(ModelManifest manifest) {
    Provenance provenance = manifest.getProvenance();
    Map<String, String> trained = provenance.getConfiguration();
    if (!trained.containsKey("split-seed")) {
      return dataOptions.open(data);
    }
    SplitPlan plan =
        new SplitPlan(
            Long.parseLong(trained.get("split-seed")),
            Double.parseDouble(trained.get("validation-share")),
            Double.parseDouble(trained.get("test-share")));
    DataSplits splits =
        DataSets.open(data, DataSets.Layout.valueOf(trained.getOrDefault("layout", "AUTO")), plan);
    if (!splits.sha256().equals(provenance.getDataSha256())) {
      throw BadInputException.of(
          "%s is not the data set that %s was trained on, %s of another checksum: its validation and test images may have been"
              + " trained on.",
          data, bundle, provenance.getDataSet());
    }
    return splits;
  }
}
