package io.boostnet.training.calibrate;

import io.boostnet.schema.ModelManifest;
import io.boostnet.training.bundle.BundleFolder;
import io.boostnet.training.bundle.onnx.OnnxCascade;
import io.boostnet.training.bundle.onnx.StageModel;
import io.boostnet.training.checkpoint.NamedTensors;
import io.boostnet.training.checkpoint.Tensor;
import io.boostnet.training.data.DataSets;
import io.boostnet.training.data.InputFormat;
import io.boostnet.training.input.BadInputException;
import java.io.PrintWriter;
import java.nio.file.Path;
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
      PreprocessingComparison.print(DataSets.unlabelled(images), inputs, format, out);
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
}
