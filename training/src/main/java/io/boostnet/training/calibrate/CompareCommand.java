package io.boostnet.training.calibrate;

import io.boostnet.image.Resize;
import io.boostnet.schema.Interpolation;
import io.boostnet.schema.ModelManifest;
import io.boostnet.schema.ResizeRule;
import io.boostnet.training.bundle.BundleFolder;
import io.boostnet.training.bundle.onnx.OnnxCascade;
import io.boostnet.training.bundle.onnx.StageModel;
import io.boostnet.training.checkpoint.NamedTensors;
import io.boostnet.training.checkpoint.Tensor;
import io.boostnet.training.data.DataSets;
import io.boostnet.training.data.InputFormat;
import io.boostnet.training.data.LabelledImages;
import io.boostnet.training.input.BadInputException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code compare}: a bundle beside what its user's own code gives. */
@Command(
    name = "compare",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Compares a bundle with inputs and logits of the user's own code, per exit, and the preprocessing with the user's own: the"
            + " usual reason for lost points.",
    footer = {
      "",
      "In PyTorch, with batch = the normalised input and images = the files it was made of, in the order of their names:",
      "  numpy.savez(\"r.npz\", inputs=batch.numpy(), logits=model(batch).numpy())   # or logits_1=..., logits_2=..., one per exit",
      "Example:",
      "  boostnet compare --bundle bundles/mine --reference r.npz --images images/"
    })
public final class CompareCommand implements Callable<Integer> {

  private static final double CLOSE = 1e-3;
  private static final double LEVELS = 255;

  @Spec private CommandSpec spec;

  @Option(names = "--bundle", required = true, description = "Directory of the bundle.")
  private Path bundle;

  @Option(
      names = "--reference",
      required = true,
      description =
          "A .npz or .safetensors file: inputs, [images, 3, height, width], and logits, [images, classes], of the last exit, or"
              + " logits_1, logits_2, ... of every exit.")
  private Path reference;

  @Option(
      names = "--images",
      description = "The image files of the inputs, which are taken in the order of their names.")
  private Path images;

  @Override
  public Integer call() {
    BundleFolder folder = new BundleFolder(bundle);
    ModelManifest manifest = folder.manifest();
    InputFormat format = InputFormat.of(manifest.getPreprocessing());
    List<StageModel> stages = folder.stages();
    Map<String, Tensor> tensors =
        reference.toString().endsWith(".npz")
            ? NumpyArrays.read(reference)
            : NamedTensors.read(reference).tensors();
    Tensor inputs = tensors.get("inputs");
    if (inputs == null || inputs.values().length % format.size() != 0) {
      throw BadInputException.of(
          "%s has %s; it needs inputs of [images, 3, %d, %d] to compare.",
          reference,
          inputs == null ? "only " + tensors.keySet() : "inputs of " + inputs.shape(),
          format.resize().height(),
          format.resize().width());
    }
    PrintWriter out = spec.commandLine().getOut();
    if (images != null) {
      preprocessing(DataSets.unlabelled(images), inputs, format, out);
    }
    exits(stages, inputs, tensors, format, out);
    return 0;
  }

  private void exits(
      List<StageModel> stages,
      Tensor inputs,
      Map<String, Tensor> tensors,
      InputFormat format,
      PrintWriter out) {
    int images = inputs.values().length / format.size();
    float[][] found;
    try (OnnxCascade cascade = new OnnxCascade(stages, 1)) {
      found = cascade.logits(inputs.values(), images);
    }
    out.printf("logits of %d images, on the inputs of %s%n", images, reference);
    out.printf("exit  largest difference   mean difference   same class%n");
    int compared = 0;
    for (int k = 0; k < stages.size(); k++) {
      Tensor expected = tensors.get("logits_" + (k + 1));
      if (expected == null && k == stages.size() - 1) {
        expected = tensors.get("logits");
      }
      if (expected == null) {
        continue;
      }
      if (expected.values().length != found[k].length) {
        throw BadInputException.of(
            "%s has logits of %s for exit %d; they should be [%d, %d].",
            reference, expected.shape(), k + 1, images, found[k].length / images);
      }
      compared++;
      Difference difference = Difference.of(found[k], expected.values());
      out.printf(
          Locale.ROOT,
          "%4d %19.3g %17.3g %10d/%d  %s%n",
          k + 1,
          difference.largest(),
          difference.mean(),
          sameClass(found[k], expected.values(), images),
          images,
          difference.largest() <= CLOSE * Math.max(1, largest(expected.values()))
              ? "the same network"
              : "another network, or other weights");
    }
    if (compared == 0) {
      throw BadInputException.of(
          "%s has only %s; it needs logits, or logits_1 to logits_%d.",
          reference, tensors.keySet(), stages.size());
    }
  }

  private static int sameClass(float[] a, float[] b, int images) {
    int classes = a.length / images;
    int same = 0;
    for (int i = 0; i < images; i++) {
      same += best(a, i * classes, classes) == best(b, i * classes, classes) ? 1 : 0;
    }
    return same;
  }

  private static int best(float[] logits, int from, int classes) {
    int best = 0;
    for (int c = 1; c < classes; c++) {
      best = logits[from + c] > logits[from + best] ? c : best;
    }
    return best;
  }

  private static double largest(float[] values) {
    double largest = 0;
    for (float value : values) {
      largest = Math.max(largest, Math.abs(value));
    }
    return largest;
  }

  /** Largest and mean difference of two arrays. */
  private record Difference(double largest, double mean) {
    static Difference of(float[] a, float[] b) {
      double largest = 0;
      double sum = 0;
      for (int i = 0; i < a.length; i++) {
        double difference = Math.abs(a[i] - b[i]);
        largest = Math.max(largest, difference);
        sum += difference;
      }
      return new Difference(largest, sum / a.length);
    }
  }

  /** Compares inputs made of the images with the user's, and with what mistakes would make. */
  private static void preprocessing(
      LabelledImages images, Tensor inputs, InputFormat format, PrintWriter out) {
    int count = inputs.values().length / format.size();
    if (images.size() != count) {
      throw BadInputException.of(
          "%s has %d images and the reference inputs of %d: give the files that they were made of.",
          images.name(), images.size(), count);
    }
    double level = format.std().stream().mapToDouble(s -> s).average().orElse(1) * LEVELS;
    out.printf("inputs made of the images, in levels of 0..255%n");
    List<Preparation> ways = Preparation.of(format);
    Preparation nearest = null;
    double least = Double.MAX_VALUE;
    for (Preparation way : ways) {
      Difference difference = Difference.of(way.inputs(images), inputs.values());
      out.printf(
          Locale.ROOT,
          "  %-34s largest difference %6.1f, mean %6.2f%n",
          way.name(),
          difference.largest() * level,
          difference.mean() * level);
      if (difference.mean() < least) {
        least = difference.mean();
        nearest = way;
      }
    }
    out.println(
        nearest == ways.get(0)
            ? least * level < 1
                ? "  the bundle's preprocessing is the user's"
                : "  the bundle's is the nearest, and still differs: another way to resize, or mean and std"
            : "  the user's preprocessing is nearer to: " + nearest.name());
  }

  /** A way from an image to an input. */
  private record Preparation(String name, InputFormat format, boolean swapped) {

    /** The bundle's, and what is often done in its place. */
    static List<Preparation> of(InputFormat format) {
      List<Preparation> ways = new ArrayList<>();
      ways.add(new Preparation("as the bundle", format, false));
      ways.add(new Preparation("blue and red swapped", format, true));
      ways.add(
          new Preparation(
              "pixels of 0..1, not normalised",
              new InputFormat(format.resize(), List.of(0.0, 0.0, 0.0), List.of(1.0, 1.0, 1.0)),
              false));
      ways.add(new Preparation("pixels of 0..255", format.pixels(), false));
      ways.add(
          new Preparation(
              "the other resize rule",
              new InputFormat(other(format.resize()), format.mean(), format.std()),
              false));
      ways.add(
          new Preparation(
              "another interpolation",
              new InputFormat(
                  format
                      .resize()
                      .with(
                          format.resize().interpolation() == Interpolation.BICUBIC
                              ? Interpolation.BILINEAR
                              : Interpolation.BICUBIC),
                  format.mean(),
                  format.std()),
              false));
      return ways;
    }

    /** Stretched for cropped, and cropped to seven eighths for stretched. */
    private static Resize other(Resize resize) {
      Resize other =
          resize.rule() == ResizeRule.STRETCH
              ? Resize.shortSideCrop(
                  Math.max(resize.height(), resize.width()) * 8 / 7,
                  resize.height(),
                  resize.width())
              : Resize.stretch(resize.height(), resize.width());
      return other.with(resize.interpolation());
    }

    float[] inputs(LabelledImages images) {
      float[] inputs = new float[images.size() * format.size()];
      byte[] planes = new byte[format.size()];
      int pixels = format.size() / 3;
      for (int i = 0; i < images.size(); i++) {
        images.readPlanes(i, format.resize(), planes, 0);
        if (swapped) {
          byte[] red = Arrays.copyOf(planes, pixels);
          System.arraycopy(planes, 2 * pixels, planes, 0, pixels);
          System.arraycopy(red, 0, planes, 2 * pixels, pixels);
        }
        format.normalise(planes, 0, inputs, i * format.size());
      }
      return inputs;
    }
  }
}
