package io.boostnet.training.bundle.quantize;

import io.boostnet.training.bundle.onnx.OnnxCascade;
import io.boostnet.training.bundle.onnx.OnnxGraph;
import io.boostnet.training.bundle.onnx.StageModel;
import io.boostnet.training.network.Network;
import io.boostnet.training.network.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Makes the 8-bit form of a network's stages: the same network over feature maps folded so that a
 * processor's kernels are filled, and in bytes.
 *
 * <p>First the folded stages are made in 32-bit floats and run beside the ones that they come from:
 * they must give the same logits, and tell the range of every map. Then they are made in bytes.
 */
public final class Quantizer {

  private static final int BATCH_SIZE = 32;

  /** Difference allowed between folded and plain stages, in logits: rounding alone. */
  private static final double ROUNDING = 1e-3;

  private final Network network;
  private final List<StageModel> stages;
  private final Layers layers;
  private final Folding folding;
  private final StageWeights weights;
  private final Ranges ranges = new Ranges();

  private Quantizer(Network network, List<StageModel> stages) {
    this.network = network;
    this.stages = stages;
    this.weights = StageWeights.of(stages);
    this.layers = new Layers(network, weights);
    this.folding = Folding.of(network);
  }

  /**
   * Quantizes the stages of a network.
   *
   * @param network the network that the stages were exported from; what only training needs may be
   *     in it
   * @param stages its stages in 16 or 32-bit floats
   * @param images images that it was trained on
   * @param threads threads of ONNX Runtime, 1 or more
   * @return a model per stage; carried feature maps are {@code UINT8}
   * @throws IllegalArgumentException where the network has a layer that no 8-bit form is known for
   * @throws IllegalStateException where the folded stages are not what the stages are
   */
  public static List<StageModel> quantize(
      Network network, List<StageModel> stages, CalibrationImages images, int threads) {
    Quantizer quantizer = new Quantizer(network.forInference(), stages);
    quantizer.calibrate(images, threads);
    return quantizer.assemble(graph -> new ByteArithmetic(graph, quantizer::unit));
  }

  private double unit(Channel channel) {
    return channel.value() == 0 ? 1 : ranges.of(layers.origin(channel));
  }

  private List<StageModel> assemble(Function<OnnxGraph, Arithmetic> arithmetic) {
    List<StageModel> models = new ArrayList<>();
    List<Packed> border = List.of();
    for (Stage stage : Stage.cut(network)) {
      StageAssembly assembly = new StageAssembly(layers, folding, weights, stage, arithmetic);
      models.add(assembly.model(border));
      border = assembly.border();
    }
    return List.copyOf(models);
  }

  private void calibrate(CalibrationImages images, int threads) {
    List<StageModel> folded = assemble(graph -> new FloatArithmetic(graph, ranges));
    try (OnnxCascade plain = new OnnxCascade(stages, threads);
        OnnxCascade same = new OnnxCascade(folded, threads)) {
      for (int from = 0; from < images.size(); from += BATCH_SIZE) {
        int count = Math.min(BATCH_SIZE, images.size() - from);
        float[] batch = images.tensors(from, count);
        float[][] logits = same.logits(batch, count, ranges::take);
        if (from == 0) {
          compare(plain.logits(batch, count), logits);
        }
      }
    }
  }

  private static void compare(float[][] expected, float[][] found) {
    for (int exit = 0; exit < expected.length; exit++) {
      for (int i = 0; i < expected[exit].length; i++) {
        double difference = Math.abs(expected[exit][i] - found[exit][i]);
        if (!(difference <= ROUNDING * Math.max(1, Math.abs(expected[exit][i])))) {
          throw new IllegalStateException(
              "folded, exit %d gives the logit %s and should give %s"
                  .formatted(exit + 1, found[exit][i], expected[exit][i]));
        }
      }
    }
  }
}
