package io.boostnet.training.bundle.onnx;

import static io.boostnet.training.bundle.onnx.OnnxGraph.attribute;

import ai.onnx.proto.OnnxMl.AttributeProto;
import java.util.List;
import java.util.stream.LongStream;

/** Operations as the network means them, in the words of ONNX. */
public final class Operations {

  private Operations() {}

  /** Attributes of a square window. */
  public static AttributeProto[] window(int kernel, int stride, int padding) {
    return new AttributeProto[] {
      attribute("kernel_shape", repeat(kernel, 2)),
      attribute("strides", repeat(stride, 2)),
      attribute("pads", repeat(padding, 4))
    };
  }

  private static List<Long> repeat(long value, int times) {
    return LongStream.generate(() -> value).limit(times).boxed().toList();
  }

  /** Bilinear resizing of maps, the corner pixels of both aligned. */
  public static String resize(
      OnnxGraph graph,
      String name,
      String input,
      int height,
      int width,
      int toHeight,
      int toWidth) {
    float[] scales = {1, 1, scale(height, toHeight), scale(width, toWidth)};
    return graph.node(
        "Resize",
        name,
        List.of(input, "", graph.floats(name + "_scales", scales, scales.length)),
        attribute("mode", "linear"),
        attribute("coordinate_transformation_mode", "align_corners"));
  }

  /**
   * The output size is floor(size * scale): where rounding would lose a row, the scale is a little
   * larger.
   */
  private static float scale(int from, int to) {
    float scale = (float) to / from;
    return Math.floor(from * scale) == to ? scale : (to + 0.5f) / from;
  }
}
