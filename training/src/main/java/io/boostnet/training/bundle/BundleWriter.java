package io.boostnet.training.bundle;

import io.boostnet.schema.GoldenSpec;
import io.boostnet.schema.ManifestJson;
import io.boostnet.schema.ModelManifest;
import io.boostnet.schema.StageManifest;
import io.boostnet.schema.StageTimes;
import io.boostnet.training.bundle.onnx.StageModel;
import io.boostnet.training.data.DataSplits;
import io.boostnet.training.input.BadInputException;
import io.boostnet.training.input.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Writes model bundles: the ONNX stages, golden rows, the manifest and, with a data set, the
 * calibration evidence and the evaluation. A bundle appears under its name only when it is whole.
 */
public final class BundleWriter {

  private final int threads;
  private final boolean showProgress;

  /**
   * @param threads threads of ONNX Runtime for measuring, 1 or more
   * @param showProgress whether to draw a progress bar on standard error
   */
  public BundleWriter(int threads, boolean showProgress) {
    if (threads < 1) {
      throw new IllegalArgumentException("threads is " + threads + "; it must be 1 or more");
    }
    this.threads = threads;
    this.showProgress = showProgress;
  }

  /**
   * Writes a bundle.
   *
   * @param content what it is made from
   * @param data the validation split becomes the evidence, and the test split the evaluation;
   *     without data a bundle has neither, and thresholds cannot be solved from it
   * @param target the bundle's directory; must not exist yet
   * @return the evaluation, with data
   */
  public Optional<Evaluation> write(StagedModel content, Optional<DataSplits> data, Path target)
      throws IOException {
    Path parent = target.toAbsolutePath().getParent();
    if (Files.exists(target)) {
      throw BadInputException.of(
          "There is something at %s already: give another place or remove it.", target);
    }
    data.ifPresent(splits -> check(content, splits));
    Files.createDirectories(parent);
    Path unfinished = Files.createTempDirectory(parent, "." + target.getFileName() + "-");
    try {
      List<StageModel> stages = content.stages();
      for (int k = 0; k < stages.size(); k++) {
        Files.write(unfinished.resolve(file(k)), stages.get(k).onnx());
      }
      float[][] inputs = GoldenRows.inputs(data, content.input(), GoldenRows.COUNT);
      GoldenSpec golden = GoldenRows.of(stages, inputs).write(unfinished);
      StageTimes times = TimedStages.of(stages, inputs);
      Optional<Evaluation> evaluation = Optional.empty();
      if (data.isPresent()) {
        evaluation = Optional.of(measure(content, data.get(), unfinished));
      }
      new BundleFolder(unfinished).write(manifest(content, golden, times));
      // A temporary directory is the owner's alone; a bundle is for whoever may read the place.
      Files.move(readable(unfinished), target, StandardCopyOption.ATOMIC_MOVE);
      return evaluation;
    } finally {
      deleteTree(unfinished);
    }
  }

  private static void check(StagedModel content, DataSplits data) {
    if (data.classNames().size() != content.classes()) {
      throw BadInputException.of(
          "The data set %s has %d classes, the network %d.",
          data.name(), data.classNames().size(), content.classes());
    }
    if (data.validation().size() == 0 || data.test().size() == 0) {
      throw BadInputException.of(
          "The data set %s has %d validation and %d test images: the evidence needs both, give more images (or tracks), or larger shares.",
          data.name(), data.validation().size(), data.test().size());
    }
  }

  private Evaluation measure(StagedModel content, DataSplits data, Path folder) throws IOException {
    Measurement measured =
        Measurement.of(content.stages(), content.input(), data, threads, showProgress);
    measured.calibration().write(folder.resolve("calibration.avro"));
    Evaluation evaluation =
        measured.evaluation(content.cumulativeMacs(), content.cumulativeParameters());
    evaluation.write(folder.resolve("evaluation.json"));
    return evaluation;
  }

  private static ModelManifest manifest(StagedModel content, GoldenSpec golden, StageTimes times) {
    List<StageManifest> stages = new ArrayList<>();
    for (int k = 0; k < content.stages().size(); k++) {
      StageModel model = content.stages().get(k);
      stages.add(
          new StageManifest(
              file(k),
              Sha256.of(model.onnx()),
              model.inputs(),
              model.outputs(),
              content.cumulativeMacs().get(k),
              content.cumulativeParameters().get(k)));
    }
    return new ModelManifest(
        ManifestJson.FORMAT_VERSION,
        content.name(),
        content.version(),
        content.architecture(),
        content.labels(),
        content.input().manifest(),
        stages,
        content.provenance(),
        golden,
        times,
        List.of());
  }

  private static String file(int stage) {
    return "stage-" + (stage + 1) + ".onnx";
  }

  private static Path readable(Path folder) {
    folder.toFile().setReadable(true, false);
    folder.toFile().setExecutable(true, false);
    return folder;
  }

  private static void deleteTree(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }
}
