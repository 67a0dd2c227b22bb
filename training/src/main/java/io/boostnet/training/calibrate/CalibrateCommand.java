package io.boostnet.training.calibrate;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.boostnet.schema.GoldenSpec;
import io.boostnet.schema.ManifestJson;
import io.boostnet.schema.ModelManifest;
import io.boostnet.schema.Provenance;
import io.boostnet.schema.StageManifest;
import io.boostnet.training.bundle.BundleFolder;
import io.boostnet.training.bundle.Evaluation;
import io.boostnet.training.bundle.Evidence;
import io.boostnet.training.bundle.GoldenRows;
import io.boostnet.training.bundle.TimedStages;
import io.boostnet.training.bundle.onnx.OnnxCascade;
import io.boostnet.training.bundle.onnx.StageModel;
import io.boostnet.training.data.DataOptions;
import io.boostnet.training.data.DataSets;
import io.boostnet.training.data.DataSplits;
import io.boostnet.training.data.InputFormat;
import io.boostnet.training.data.LabelledImages;
import io.boostnet.training.input.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import me.tongfei.progressbar.ProgressBar;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code calibrate}: gives a bundle the evidence that budgets are solved from. */
@Command(
    name = "calibrate",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Runs images through a bundle: evidence, from which thresholds are solved, golden rows where there are none, and the evaluation."
            + " Replaces what the bundle had. Without labels the last exit counts as right: accuracy is then agreement with it.",
    footer = {
      "",
      "Examples:",
      "  boostnet calibrate bundles/mine --data images/",
      "  boostnet calibrate bundles/mine --unlabelled frames/"
    })
public final class CalibrateCommand implements Callable<Integer> {

  private static final int BATCH = 64;

  /** Images of evidence that need no word. */
  private static final int ENOUGH = 1000;

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "BUNDLE", description = "Directory of the bundle.")
  private Path bundle;

  @ArgGroup(multiplicity = "1")
  private Images images;

  /** Labelled images, or others. */
  private static final class Images {
    @Option(
        names = "--data",
        required = true,
        description =
            "Labelled images that the network was not trained on: half for the evidence, half for the evaluation, in whole tracks where there are tracks.")
    private Path labelled;

    @Option(
        names = "--unlabelled",
        paramLabel = "FOLDER",
        required = true,
        description = "In place of them: a folder of JPEG and PNG files without labels.")
    private Path unlabelled;
  }

  @Mixin private DataOptions dataOptions;

  @Option(names = "--threads", description = "Threads of ONNX Runtime. Default: all processors.")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Override
  public Integer call() throws IOException {
    BundleFolder folder = new BundleFolder(bundle);
    ModelManifest manifest = folder.manifest();
    List<StageModel> stages = folder.stages();
    InputFormat format = InputFormat.of(manifest.getPreprocessing());
    List<String> labels = manifest.getLabels();
    boolean agreement = images.unlabelled != null;
    DataSplits data =
        agreement
            ? unlabelled()
            : DataSplits.unseen(dataOptions, images.labelled).relabelled(labels);
    if (data.validation().size() == 0 || data.test().size() == 0) {
      throw BadInputException.of(
          "%s has too few images to calibrate on some and to measure on others: a class needs two, or two tracks.",
          data.name());
    }
    warnOfLearned(manifest, data);
    warnOfFewer(data.validation().size());
    Evidence calibration;
    Evidence test;
    try (OnnxCascade cascade = new OnnxCascade(stages, threads)) {
      calibration = measure(cascade, data.validation(), format, agreement);
      test = measure(cascade, data.test(), format, agreement);
    }
    String name = data.test().name() + (agreement ? ", agreement with the last exit" : "");
    Evaluation evaluation =
        Evaluation.of(
            name,
            calibration,
            test,
            manifest.getStages().stream().map(StageManifest::getCumulativeMacs).toList(),
            manifest.getStages().stream().map(StageManifest::getCumulativeParameters).toList());
    replace("calibration.avro", calibration::write);
    replace("evaluation.json", evaluation::write);
    float[][] inputs = GoldenRows.inputs(Optional.of(data), format, GoldenRows.COUNT);
    if (manifest.getGolden().getFile().isEmpty()) {
      GoldenSpec golden = GoldenRows.of(stages, inputs).write(bundle);
      folder.write(
          ModelManifest.newBuilder(manifest)
              .setFormatVersion(ManifestJson.FORMAT_VERSION)
              .setGolden(golden)
              .build());
    }
    TimedStages.writeWhereNone(folder, inputs);
    evaluation.print(spec.commandLine().getOut());
    evaluation
        .unlikelyAccuracy()
        .ifPresent(
            finding ->
                spec.commandLine()
                    .getErr()
                    .println(
                        finding
                            + ": the bundle's preprocessing, or the order of its classes, may not be that of these images."));
    return 0;
  }

  /** Images that something learned on are classified better than others are. */
  private void warnOfLearned(ModelManifest manifest, DataSplits data) {
    Provenance made = manifest.getProvenance();
    if (made.getEpochs() > 0
        && !made.getDataSha256().isEmpty()
        && made.getDataSha256().equals(data.sha256())) {
      spec.commandLine()
          .getErr()
          .println(
              "These are the images that %s was made with, and most of them were learned on: evidence and accuracies flatter it. Give images that it has not seen."
                  .formatted(bundle));
    }
  }

  /** Evidence is replaced, not added to. */
  private void warnOfFewer(int given) {
    int had = 0;
    try {
      Path before = bundle.resolve("evaluation.json");
      had = new ObjectMapper().readTree(before.toFile()).path("calibrationImages").asInt();
    } catch (IOException e) {
      // There is none, or it is damaged, and is replaced.
    }
    if (given < had && given < ENOUGH) {
      spec.commandLine()
          .getErr()
          .printf(
              Locale.ROOT,
              "%s had evidence of %,d images; %,d take its place. A few thousand are wanted.%n",
              bundle,
              had,
              given);
    }
  }

  /** Every second image to calibrate by, the others to measure on. */
  private DataSplits unlabelled() {
    LabelledImages all = DataSets.unlabelled(images.unlabelled);
    int[] even = IntStream.range(0, all.size()).filter(i -> i % 2 == 0).toArray();
    int[] odd = IntStream.range(0, all.size()).filter(i -> i % 2 == 1).toArray();
    return new DataSplits(
        all.name(),
        () -> "",
        all.select(all.name() + "-train", new int[0]),
        all.select(all.name() + "-calibration", even),
        all.select(all.name(), odd));
  }

  private static Evidence measure(
      OnnxCascade cascade, LabelledImages images, InputFormat format, boolean agreement) {
    Evidence evidence;
    if (System.console() == null) {
      evidence = Evidence.measure(cascade, images, format, BATCH, done -> {});
    } else {
      try (ProgressBar bar = new ProgressBar(images.name(), images.size())) {
        evidence = Evidence.measure(cascade, images, format, BATCH, bar::stepTo);
      }
    }
    return agreement ? evidence.labelledByLastExit() : evidence;
  }

  private interface Writing {
    void to(Path file) throws IOException;
  }

  /** Puts a file in the place of the one before, whole or not at all. */
  private void replace(String name, Writing writing) throws IOException {
    Path unfinished = bundle.resolve(name + ".part");
    Files.deleteIfExists(unfinished);
    writing.to(unfinished);
    Files.move(
        unfinished,
        bundle.resolve(name),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }
}
