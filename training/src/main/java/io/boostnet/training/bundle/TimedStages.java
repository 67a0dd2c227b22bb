package io.boostnet.training.bundle;

import ai.onnxruntime.OrtEnvironment;
import io.boostnet.schema.ManifestJson;
import io.boostnet.schema.ModelManifest;
import io.boostnet.schema.StageTimes;
import io.boostnet.schema.StageVariant;
import io.boostnet.training.bundle.onnx.OnnxCascade;
import io.boostnet.training.bundle.onnx.StageModel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/**
 * Times the stages of a bundle on this machine, for costs in time: one thread, rows of a full
 * micro-batch, all stages in turn, the shortest call of each.
 */
public final class TimedStages {

  /** Rows of a call: what a loaded job gathers, and by where a call per row costs no more less. */
  static final int MICRO_BATCH = 8;

  private static final Path PROCESSORS = Path.of("/proc/cpuinfo");

  private TimedStages() {}

  /**
   * Times stages.
   *
   * @param stages all stages of one form, in their order
   * @param inputs rows of the input tensor of stage 1, at least one, taken in turn
   */
  public static StageTimes of(List<StageModel> stages, float[][] inputs) {
    return of(stages, inputs, MICRO_BATCH);
  }

  static StageTimes of(List<StageModel> stages, float[][] inputs, int microBatch) {
    int size = inputs[0].length;
    float[] rows = new float[microBatch * size];
    for (int row = 0; row < microBatch; row++) {
      System.arraycopy(inputs[row % inputs.length], 0, rows, row * size, size);
    }
    try (OnnxCascade cascade = new OnnxCascade(stages, 1)) {
      List<Double> nanos = new ArrayList<>();
      for (long call : cascade.shortestCalls(rows, microBatch)) {
        nanos.add((double) call / microBatch);
      }
      return new StageTimes(machine(), microBatch, nanos);
    }
  }

  /**
   * Times all forms of a bundle's stages and writes what they take into its manifest.
   *
   * @param inputs rows of the input tensor of stage 1, at least one
   * @return the manifest as it now is
   */
  public static ModelManifest write(BundleFolder folder, float[][] inputs) throws IOException {
    return write(folder, inputs, MICRO_BATCH);
  }

  /** The same for a bundle that has no times, or not of all forms. */
  public static void writeWhereNone(BundleFolder folder, float[][] inputs) throws IOException {
    ModelManifest manifest = folder.manifest();
    boolean timed =
        Stream.concat(
                Stream.of(manifest.getTimes()),
                manifest.getVariants().stream().map(StageVariant::getTimes))
            .noneMatch(times -> times.getNanos().isEmpty());
    if (!timed) {
      write(folder, inputs);
    }
  }

  static ModelManifest write(BundleFolder folder, float[][] inputs, int microBatch)
      throws IOException {
    ModelManifest manifest = folder.manifest();
    List<StageVariant> variants = new ArrayList<>();
    for (StageVariant variant : manifest.getVariants()) {
      variants.add(
          StageVariant.newBuilder(variant)
              .setTimes(of(folder.stages(variant.getStages()), inputs, microBatch))
              .build());
    }
    ModelManifest timed =
        ModelManifest.newBuilder(manifest)
            .setFormatVersion(ManifestJson.FORMAT_VERSION)
            .setTimes(of(folder.stages(), inputs, microBatch))
            .setVariants(variants)
            .build();
    folder.write(timed);
    return timed;
  }

  /** Share of the full network's time that an image takes up to each exit. */
  static double[] cumulativeShares(StageTimes times) {
    double[] shares = times.getNanos().stream().mapToDouble(Double::doubleValue).toArray();
    double full = DoubleStream.of(shares).sum();
    double sum = 0;
    for (int k = 0; k < shares.length; k++) {
      sum += shares[k];
      shares[k] = sum / full;
    }
    return shares;
  }

  /** What measures: processor, system and library. */
  private static String machine() {
    return "%s, %s %s, ONNX Runtime %s"
        .formatted(
            processor(),
            System.getProperty("os.name"),
            System.getProperty("os.arch"),
            OrtEnvironment.getEnvironment().getVersion());
  }

  private static String processor() {
    try {
      return Files.readAllLines(PROCESSORS, StandardCharsets.ISO_8859_1).stream()
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse("processor unknown");
    } catch (IOException e) {
      return "processor unknown"; // no Linux
    }
  }
}
