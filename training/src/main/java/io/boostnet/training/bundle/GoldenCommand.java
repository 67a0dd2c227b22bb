package io.boostnet.training.bundle;

import io.boostnet.schema.GoldenSpec;
import io.boostnet.schema.ManifestJson;
import io.boostnet.schema.ModelManifest;
import io.boostnet.training.bundle.onnx.StageModel;
import io.boostnet.training.data.DataOptions;
import io.boostnet.training.data.InputFormat;
import io.boostnet.training.input.BadInputException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code golden}: gives a bundle that was made before them, or elsewhere, its golden rows. */
@Command(
    name = "golden",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Gives a bundle golden rows: a few inputs and the logits that its stages give for them on this machine. Every process that"
            + " serves the bundle runs them first. export and import do this by themselves; a bundle that has golden rows must still"
            + " give them.",
    footer = {"", "Example:", "  boostnet golden bundles/small --data cifar-100-binary.tar.gz"})
public final class GoldenCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "BUNDLE", description = "Directory of the bundle.")
  private Path bundle;

  @Option(
      names = "--data",
      description = "Data set to take the inputs from, its validation images. Default: noise.")
  private Path data;

  @Mixin private DataOptions dataOptions;

  @Override
  public Integer call() throws IOException {
    BundleFolder folder = new BundleFolder(bundle);
    ModelManifest manifest = folder.manifest();
    if (!manifest.getGolden().getFile().isEmpty()) {
      throw BadInputException.of(
          "The bundle %s has golden rows already: check them with inspect --check, or export it again.",
          bundle);
    }
    List<StageModel> stages = folder.stages();
    InputFormat format = InputFormat.of(manifest.getPreprocessing());
    float[][] inputs =
        GoldenRows.inputs(
            Optional.ofNullable(data).map(dataOptions::open), format, GoldenRows.COUNT);
    GoldenSpec golden = GoldenRows.of(stages, inputs).write(bundle);
    folder.write(
        ModelManifest.newBuilder(manifest)
            .setFormatVersion(ManifestJson.FORMAT_VERSION)
            .setGolden(golden)
            .build());
    TimedStages.writeWhereNone(folder, inputs);
    spec.commandLine()
        .getOut()
        .printf(
            Locale.ROOT,
            "%s: %d golden rows, tolerance %.3g (%s)%n",
            bundle,
            inputs.length,
            golden.getTolerance(),
            golden.getReason());
    return 0;
  }
}
