package io.boostnet.training.graph;

import static io.boostnet.training.bundle.onnx.OnnxGraph.attribute;

import io.boostnet.training.network.FeatureShape;
import java.util.Arrays;
import java.util.List;

/**
 * What an exit head reads of a value: of a map its means over small windows, at most 16 x 16 of
 * them; of a sequence its first token (the class token, where there is one) beside the mean of all;
 * of a vector itself. Small enough to be kept for all images.
 *
 * @param value the name of what is read, {@code [batch, channels, side, side]}
 * @param shape its sizes for one image
 */
public record Reduction(String value, FeatureShape shape) {

  private static final int MAX_SIDE = 16;

  /**
   * Adds the reduction of a value to a graph.
   *
   * @param tensor a value with two to four sizes for one image
   */
  public static Reduction of(Edit edit, String tensor, List<Long> sizes, boolean half) {
    int[] shape = sizes.stream().mapToInt(Math::toIntExact).toArray();
    String value = tensor;
    if (half) {
      value = edit.node("Cast", tensor + "_floats", List.of(value), attribute("to", 1));
    }
    return switch (shape.length) {
      case 1 -> vector(edit, tensor, value, shape[0]);
      case 2 -> tokens(edit, tensor, value, shape[0], shape[1]);
      default -> map(edit, tensor, value, shape);
    };
  }

  private static Reduction vector(Edit edit, String tensor, String value, int length) {
    String sizes = edit.integers(tensor + "_as_map", 0, length, 1, 1);
    String map = edit.node("Reshape", tensor + "_map", List.of(value, sizes));
    return new Reduction(map, new FeatureShape(length, 1, 1));
  }

  private static Reduction tokens(
      Edit edit, String tensor, String value, int tokens, int channels) {
    float[] evenly = new float[tokens];
    Arrays.fill(evenly, 1f / tokens);
    String weights = edit.floats(tensor + "_evenly", evenly, 1, tokens);
    String mean = edit.node("MatMul", tensor + "_mean", List.of(weights, value));
    String zero = edit.integers(tensor + "_zero", 0);
    String first =
        edit.node("Gather", tensor + "_first", List.of(value, zero), attribute("axis", 1));
    String both =
        edit.node("Concat", tensor + "_tokens", List.of(first, mean), attribute("axis", 1));
    return vector(edit, tensor, both, 2 * channels);
  }

  private static Reduction map(Edit edit, String tensor, String value, int[] shape) {
    int height = shape[1];
    int width = shape[2];
    int side = Math.min(MAX_SIDE, Math.min(height, width));
    while (height % side != 0 || width % side != 0) {
      side--;
    }
    FeatureShape reduced = new FeatureShape(shape[0], side, side);
    if (side == height && side == width) {
      return new Reduction(value, reduced);
    }
    List<Long> window = List.of((long) height / side, (long) width / side);
    String pooled =
        edit.node(
            "AveragePool",
            tensor + "_pooled",
            List.of(value),
            attribute("kernel_shape", window),
            attribute("strides", window));
    return new Reduction(pooled, reduced);
  }
}
