package io.boostnet.training.bundle;

import io.boostnet.schema.ElementType;
import io.boostnet.training.data.DataSplits;
import io.boostnet.training.input.BadInputException;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Optional;
import picocli.CommandLine.Option;

/**
 * The options that {@code export} and {@code import} share, for bundles of this project's own
 * networks.
 */
final class BundleOptions extends BundleTarget {

  /** Validation images on which the exported stages are compared with libtorch. */
  private static final int PARITY_IMAGES = 16;

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
}
