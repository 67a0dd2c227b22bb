package io.boostnet.training.bundle;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.boostnet.schema.Provenance;
import io.boostnet.training.checkpoint.NamedTensors;
import io.boostnet.training.data.DataSplits;
import io.boostnet.training.data.InputFormat;
import io.boostnet.training.input.BadInputException;
import io.boostnet.training.train.RunFolder;
import io.boostnet.training.train.RunRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code export}: turns a training run that is done into a model bundle. */
@Command(
    name = "export",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Turns a training run that is done into a model bundle: one ONNX model per stage, the evidence of the validation images that"
            + " thresholds are solved from, and the evaluation on the test images. The data set is cut as it was for the training.",
    footer = {
      "",
      "Example:",
      "  boostnet export runs/small --data cifar-100-binary.tar.gz --output bundles/small",
      "A run as one ordinary ONNX file, for other tools or for graft and cut:",
      "  boostnet export runs/resnet --onnx resnet.onnx"
    })
public final class ExportCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "RUN", description = "The run folder that train wrote.")
  private Path run;

  @Option(
      names = "--unfinished",
      description = "Take the last checkpoint of a run that is not done.")
  private boolean unfinished;

  @ArgGroup(multiplicity = "1")
  private Form form;

  /** A bundle, or one file. */
  private static final class Form {
    @ArgGroup(exclusive = false)
    private Bundle bundle;

    @Option(
        names = "--onnx",
        paramLabel = "FILE",
        required = true,
        description =
            "In place of a bundle: the whole network as one ONNX file, an output per exit with its own"
                + " logits.")
    private Path onnx;
  }

  private static final class Bundle {
    @Option(names = "--data", required = true, description = "The data set of the run.")
    private Path data;

    @ArgGroup(exclusive = false, multiplicity = "1")
    private BundleOptions options;
  }

  @Override
  public Integer call() throws IOException {
    RunFolder folder = new RunFolder(run);
    RunRecord record = folder.record();
    if (form.onnx != null) {
      return exportFile(folder, record);
    }
    BundleContent content = content(folder, record, form.bundle.options);
    DataSplits splits = record.open(form.bundle.data);
    spec.commandLine().getOut().print(splits.counts());
    form.bundle.options.write(content, Optional.of(splits), spec.commandLine().getOut());
    return 0;
  }

  private int exportFile(RunFolder folder, RunRecord record) throws IOException {
    if (Files.exists(form.onnx)) {
      throw BadInputException.of(
          "There is something at %s already: give another place or remove it.", form.onnx);
    }
    Files.createDirectories(form.onnx.toAbsolutePath().getParent());
    Files.write(form.onnx, StageExport.exportWhole(record.network(), weights(folder)));
    Path preprocessing = form.onnx.resolveSibling(form.onnx.getFileName() + ".preprocessing.json");
    write(record.input(), preprocessing);
    spec.commandLine()
        .getOut()
        .printf(
            "%s; its preprocessing: %s%nnext: boostnet graft --model %1$s --preprocessing %2$s --data <images> --output <bundle>%n",
            form.onnx, preprocessing);
    return 0;
  }

  /** The images that the network was trained on, as {@code graft} and {@code cut} read it. */
  private static void write(InputFormat input, Path file) throws IOException {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("height", input.resize().height());
    fields.put("width", input.resize().width());
    fields.put("resize", input.resize().rule());
    fields.put("shortSide", input.resize().shortSide());
    fields.put("interpolation", input.resize().interpolation());
    fields.put("mean", input.mean());
    fields.put("std", input.std());
    new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValue(file.toFile(), fields);
  }

  private NamedTensors weights(RunFolder folder) {
    return unfinished ? folder.lastWeights() : folder.weights();
  }

  private BundleContent content(RunFolder folder, RunRecord record, BundleOptions bundleOptions) {
    List<String> labels = bundleOptions.labels().orElse(record.labels());
    if (labels.size() != record.labels().size()) {
      throw BadInputException.of(
          "There are %d class names for the %d classes of %s.",
          labels.size(), record.labels().size(), run);
    }
    return new BundleContent(
        bundleOptions.name(),
        bundleOptions.version,
        record.architecture(),
        record.network(),
        weights(folder),
        record.ensemble(),
        labels,
        record.input(),
        bundleOptions.storage(),
        provenance(record, folder.metrics().size()));
  }

  private static Provenance provenance(RunRecord record, int epochs) {
    Provenance.Builder provenance = Provenances.beginCompared("trained");
    Map<String, String> libraries = new HashMap<>(record.libraries());
    libraries.putAll(provenance.getLibraries());
    return provenance
        .setDataSet(record.dataSet())
        .setDataSha256(record.dataSha256())
        .setSeed(record.seed())
        .setEpochs(epochs)
        .setConfiguration(record.options())
        .setLibraries(libraries)
        .build();
  }
}
