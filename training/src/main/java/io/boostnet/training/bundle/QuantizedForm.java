package io.boostnet.training.bundle;

import io.boostnet.schema.GoldenSpec;
import io.boostnet.schema.ManifestJson;
import io.boostnet.schema.ModelManifest;
import io.boostnet.schema.StageManifest;
import io.boostnet.schema.StagePrecision;
import io.boostnet.schema.StageTimes;
import io.boostnet.schema.StageVariant;
import io.boostnet.training.bundle.onnx.OnnxCascade;
import io.boostnet.training.bundle.onnx.StageModel;
import io.boostnet.training.bundle.quantize.CalibrationImages;
import io.boostnet.training.bundle.quantize.Quantizer;
import io.boostnet.training.data.DataSplits;
import io.boostnet.training.data.InputFormat;
import io.boostnet.training.data.LabelledImages;
import io.boostnet.training.input.BadInputException;
import io.boostnet.training.input.Sha256;
import io.boostnet.training.network.Architecture;
import io.boostnet.training.network.Network;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/**
 * Gives a bundle its stages in 8 bits, beside those that it has: models, golden rows, evidence and
 * evaluation of their own, and an entry in the manifest, which is replaced last.
 */
final class QuantizedForm {

  private static final StagePrecision PRECISION = StagePrecision.INT8;
  private static final String SUFFIX = ".int8";

  /** Training images that the ranges of the feature maps are found on. */
  private static final int RANGE_IMAGES = 4096;

  /** Relative size of what 32-bit sums in another order differ by, with room to spare. */
  private static final double ROUNDING = 1e-5;

  private static final Set<String> QUANTIZABLE = Set.of("msdnet", "msdnet_ge", "ranet");

  private static final int ROUNDING_TRIALS = 16;
  private static final double MARGIN = 3;

  private final BundleFolder folder;
  private final ModelManifest manifest;
  private final DataSplits data;
  private final int threads;
  private final boolean showProgress;

  /**
   * @param data the training images give the ranges, the validation images the evidence and the
   *     test images the evaluation
   * @param threads threads of ONNX Runtime for measuring, 1 or more
   * @param showProgress whether to draw a progress bar on standard error
   */
  QuantizedForm(BundleFolder folder, DataSplits data, int threads, boolean showProgress) {
    this.folder = folder;
    this.manifest = folder.manifest();
    this.data = data;
    this.threads = threads;
    this.showProgress = showProgress;
  }

  /**
   * Makes the form and writes it into the bundle.
   *
   * @return its evaluation
   * @throws BadInputException where no 8-bit form is known for the network
   */
  Evaluation add() throws IOException {
    InputFormat input = InputFormat.of(manifest.getPreprocessing());
    List<StageModel> quantized =
        Quantizer.quantize(network(), folder.stages(), trainingImages(input), threads);
    List<StageManifest> stages = new ArrayList<>();
    for (int k = 0; k < quantized.size(); k++) {
      StageModel model = quantized.get(k);
      StageManifest plain = manifest.getStages().get(k);
      String file = "stage-" + (k + 1) + SUFFIX + ".onnx";
      Files.write(folder.path().resolve(file), model.onnx());
      stages.add(
          new StageManifest(
              file,
              Sha256.of(model.onnx()),
              model.inputs(),
              model.outputs(),
              plain.getCumulativeMacs(),
              plain.getCumulativeParameters()));
    }
    Measurement measured = Measurement.of(quantized, input, data, threads, showProgress);
    String calibration = "calibration" + SUFFIX + ".avro";
    measured.calibration().write(folder.path().resolve(calibration));
    Evaluation evaluation =
        measured.evaluation(
            manifest.getStages().stream().map(StageManifest::getCumulativeMacs).toList(),
            manifest.getStages().stream().map(StageManifest::getCumulativeParameters).toList());
    String evaluationFile = "evaluation" + SUFFIX + ".json";
    evaluation.write(folder.path().resolve(evaluationFile));
    float[][] inputs = GoldenRows.inputs(Optional.of(data), input, GoldenRows.COUNT);
    GoldenSpec golden =
        goldenRows(quantized, inputs).write(folder.path(), "golden" + SUFFIX + ".avro");
    replaceManifest(
        new StageVariant(
            PRECISION,
            stages,
            golden,
            calibration,
            evaluationFile,
            new StageTimes("", 0, List.of())));
    TimedStages.write(folder, inputs); // both forms, so that they are of one machine
    return evaluation;
  }

  /**
   * Where a kernel rounds the first map another way, a few bytes are one more or less, and logits
   * differ by what that makes: the tolerance is found with inputs that are moved by as much.
   */
  static GoldenRows goldenRows(List<StageModel> stages, float[][] inputs) {
    GoldenRows golden = GoldenRows.of(stages, inputs);
    Random random = new Random(1);
    double moved = 0;
    try (OnnxCascade cascade = new OnnxCascade(stages, 1)) {
      for (int trial = 0; trial < ROUNDING_TRIALS; trial++) {
        for (int row = 0; row < inputs.length; row++) {
          float[][] logits = cascade.logits(rounded(inputs[row], random), 1);
          for (int exit = 0; exit < logits.length; exit++) {
            for (int c = 0; c < logits[exit].length; c++) {
              double difference = logits[exit][c] - golden.logits()[row][exit][c];
              moved = Math.max(moved, Math.abs(difference));
            }
          }
        }
      }
    }
    double tolerance = Math.max(golden.tolerance(), MARGIN * moved);
    String reason =
        String.format(
            Locale.ROOT,
            "%.0f times the %.2g that inputs moved by %.0g of their size make, or %s",
            MARGIN,
            moved,
            ROUNDING,
            golden.reason());
    return new GoldenRows(inputs, golden.logits(), tolerance, reason);
  }

  private static float[] rounded(float[] input, Random random) {
    float[] rounded = new float[input.length];
    for (int i = 0; i < input.length; i++) {
      rounded[i] = (float) (input[i] * (1 + ROUNDING * (2 * random.nextDouble() - 1)));
    }
    return rounded;
  }

  private void replaceManifest(StageVariant variant) throws IOException {
    List<StageVariant> variants = new ArrayList<>(manifest.getVariants());
    variants.removeIf(other -> other.getPrecision() == PRECISION);
    variants.add(variant);
    folder.write(
        ModelManifest.newBuilder(manifest)
            .setFormatVersion(ManifestJson.FORMAT_VERSION)
            .setVariants(variants)
            .build());
  }

  /** The network of the manifest, up to the exits that the bundle serves. */
  private Network network() {
    String family = manifest.getArchitecture().getFamily();
    if (!QUANTIZABLE.contains(family)) {
      throw BadInputException.of(
          "The network of %s is a %s: 8-bit stages are made of MSDNet and RANet alone; it serves as it is.",
          folder.path(), family);
    }
    try {
      return new Architecture(
              manifest.getArchitecture().getFamily(), manifest.getArchitecture().getArguments())
          .network(
              manifest.getPreprocessing().getHeight(),
              manifest.getPreprocessing().getWidth(),
              manifest.getLabels().size())
          .upTo(manifest.getStages().size());
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new BadInputException(
          "The network of %s is not one that this project describes (%s): 8-bit stages are made of MSDNet and RANet alone."
              .formatted(folder.path(), e.getMessage()),
          e);
    }
  }

  private CalibrationImages trainingImages(InputFormat input) {
    LabelledImages training = data.train();
    int count = Math.min(RANGE_IMAGES, training.size());
    if (count == 0) {
      throw BadInputException.of(
          "The data set %s has no training images to find the ranges of 8-bit maps on.",
          data.name());
    }
    int[] drawn = new Random(1).ints(0, training.size()).distinct().limit(count).toArray();
    return new CalibrationImages() {
      @Override
      public int size() {
        return count;
      }

      @Override
      public float[] tensors(int from, int images) {
        float[] tensors = new float[images * input.size()];
        byte[] planes = new byte[input.size()];
        for (int i = 0; i < images; i++) {
          training.readPlanes(drawn[from + i], input.resize(), planes, 0);
          input.normalise(planes, 0, tensors, i * input.size());
        }
        return tensors;
      }
    };
  }
}
