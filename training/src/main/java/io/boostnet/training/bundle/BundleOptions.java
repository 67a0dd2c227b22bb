package io.boostnet.training.bundle;

import io.boostnet.schema.ElementType;
import io.boostnet.training.data.DataSplits;
import io.boostnet.training.input.BadInputException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Option;

/**
 * The options that {@code export} and {@code import} share: where the bundle goes and how it is
 * made.
 */
final class BundleOptions {

  /** Validation images on which the exported stages are compared with libtorch. */
  private static final int PARITY_IMAGES = 16;

  @Option(
      names = {"-o", "--output"},
      required = true,
      description = "Directory of the bundle; must not exist yet.")
  Path output;

  @Option(names = "--name", description = "Name of the bundle. Default: the name of its directory.")
  private String name;

  @Option(
      names = "--bundle-version",
      defaultValue = "1",
      description = "Version of the bundle. Default: ${DEFAULT-VALUE}.")
  String version;

  @Option(
      names = "--labels",
      description = "Text file with the name of one class per line, in the order of the classes.")
  private Path labels;

  @Option(
      names = "--exits",
      paramLabel = "N",
      description =
          "Serve the first N exits alone, where the later ones cost more than they bring. Default: all.")
  private Integer exits;

  @Option(
      names = "--fp16",
      description =
          "Store weights and carried feature maps in 16 bits: half the size, and half the memory between the stages.")
  private boolean half;

  @Option(
      names = "--quantize",
      paramLabel = "int8",
      description =
          "Add the stages in 8 bits, which processors with 8-bit dot products run two to three times as fast: int8.")
  private Quantization quantize;

  /** Forms that stages can be quantized to. */
  enum Quantization {
    INT8
  }

  @Option(
      names = "--threads",
      description = "Threads of ONNX Runtime for the evidence. Default: all processors.")
  private int threads = Runtime.getRuntime().availableProcessors();

  String name() {
    return name == null ? output.toAbsolutePath().normalize().getFileName().toString() : name;
  }

  ElementType storage() {
    return half ? ElementType.FLOAT16 : ElementType.FLOAT;
  }

  /** Writes the bundle and prints what it does. */
  void write(BundleContent trained, Optional<DataSplits> data, PrintWriter out) throws IOException {
    BundleContent content = exits == null ? trained : trained.upTo(exits);
    StagedModel staged = content.staged();
    LibtorchParity.require(
        content, staged.stages(), GoldenRows.inputs(data, content.input(), PARITY_IMAGES));
    write(staged, data, out);
    if (quantize != null) {
      quantize(data, out);
    }
  }

  private void quantize(Optional<DataSplits> data, PrintWriter out) throws IOException {
    DataSplits splits =
        data.orElseThrow(
            () ->
                BadInputException.of(
                    "--quantize is int8, but there are no images to find ranges on: give --data with it."));
    Evaluation evaluation =
        new QuantizedForm(new BundleFolder(output), splits, threads, System.console() != null)
            .add();
    out.printf("in 8 bits:%n");
    evaluation.print(out);
  }

  private void write(StagedModel model, Optional<DataSplits> data, PrintWriter out)
      throws IOException {
    Optional<Evaluation> evaluation =
        new BundleWriter(threads, System.console() != null).write(model, data, output);
    out.printf(
        Locale.ROOT,
        "%s: %s with %d exits and %d classes, %s%n",
        output,
        model.architecture().getFamily(),
        model.stages().size(),
        model.classes(),
        model.provenance().getOrigin());
    evaluation.ifPresent(measured -> measured.print(out));
  }

  /** The class names of the labels file, if one was given. */
  Optional<List<String>> labels() {
    if (labels == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          Files.readAllLines(labels).stream().filter(line -> !line.isBlank()).toList());
    } catch (IOException e) {
      throw new BadInputException("The labels file " + labels + " cannot be read: " + e, e);
    }
  }
}
