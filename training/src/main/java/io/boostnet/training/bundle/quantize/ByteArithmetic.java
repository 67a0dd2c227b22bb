package io.boostnet.training.bundle.quantize;

import static io.boostnet.training.bundle.onnx.OnnxGraph.attribute;

import ai.onnx.proto.OnnxMl.AttributeProto;
import io.boostnet.training.bundle.onnx.OnnxGraph;
import io.boostnet.training.bundle.quantize.Packed.Layout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Unsigned bytes between convolutions and signed ones for weights, each output slot with a scale of
 * its own, in ONNX Runtime's {@code com.microsoft.QLinearConv}, which reads and writes channels
 * last.
 *
 * <p>All maps have the scale 1/255 and the zero point 0: what a channel's 255 stands for goes into
 * the weights on both sides, so that a concatenation copies bytes, and the clamp at 0 is the ReLU.
 * The first convolution reads the images in 32-bit floats.
 */
final class ByteArithmetic implements Arithmetic {

  private static final String UNIT = "unit";
  private static final String ZERO = "zero";
  private static final int LEAST_SLOTS = 16;

  private final OnnxGraph graph;
  private final ToDoubleFunction<Channel> units;

  /**
   * @param units what a byte of 255 stands for in each channel
   */
  ByteArithmetic(OnnxGraph graph, ToDoubleFunction<Channel> units) {
    this.graph = graph;
    this.units = units;
    graph.floats(UNIT, new float[] {1f / 255});
    graph.unsignedBytes(ZERO, new byte[1]);
  }

  @Override
  public Layout layout() {
    return Layout.BYTES_CHANNELS_LAST;
  }

  @Override
  public double unit(Channel channel) {
    return units.applyAsDouble(channel);
  }

  @Override
  public int leastSlots() {
    return LEAST_SLOTS;
  }

  @Override
  public Packed convolution(Packed input, FoldedKernel kernel, Packed output) {
    if (input.layout() == Layout.FLOATS_CHANNELS_FIRST) {
      Packed floats = output.laidOut(output.name() + "_float", Layout.FLOATS_CHANNELS_FIRST);
      FloatArithmetic.relu(graph, input, kernel, floats);
      return floats;
    }
    int outputs = output.slots().size();
    int perOutput = kernel.weights().length / outputs;
    float[] scales = new float[outputs];
    byte[] weights = new byte[kernel.weights().length];
    int[] bias = new int[outputs];
    for (int o = 0; o < outputs; o++) {
      int from = o * perOutput;
      scales[o] = scale(kernel.weights(), from, from + perOutput);
      for (int w = from; w < from + perOutput; w++) {
        weights[w] = (byte) Math.round(kernel.weights()[w] / scales[o]);
      }
      bias[o] = (int) Math.round(kernel.bias()[o] * 255 / scales[o]);
    }
    String name = output.name();
    List<String> operands =
        List.of(
            input.name(),
            UNIT,
            ZERO,
            graph.signedBytes(
                name + "_weight",
                weights,
                outputs,
                input.slots().size(),
                kernel.rows().taps(),
                kernel.columns().taps()),
            graph.floats(name + "_scale", scales, outputs),
            graph.signedBytes(name + "_zero", new byte[outputs], outputs),
            UNIT,
            ZERO,
            graph.integers32(name + "_bias", bias));
    List<AttributeProto> attributes =
        new ArrayList<>(Arrays.asList(FloatArithmetic.window(kernel)));
    attributes.add(attribute("channels_last", 1));
    graph.microsoftNode("QLinearConv", name, operands, attributes.toArray(AttributeProto[]::new));
    return output;
  }

  private static float scale(float[] weights, int from, int to) {
    float largest = 1e-9f;
    for (int w = from; w < to; w++) {
      largest = Math.max(largest, Math.abs(weights[w]));
    }
    return largest / 127;
  }

  @Override
  public Packed stored(Packed tensor) {
    if (tensor.layout() == layout()) {
      return tensor;
    }
    String bytes = tensor.name() + "_bytes";
    graph.node("QuantizeLinear", bytes, List.of(tensor.name(), UNIT, ZERO));
    Packed stored = tensor.laidOut(tensor.name() + "_last", layout());
    graph.node(
        "Transpose", stored.name(), List.of(bytes), attribute("perm", List.of(0L, 2L, 3L, 1L)));
    return stored;
  }

  @Override
  public Packed floats(Packed tensor) {
    if (tensor.layout() == Layout.FLOATS_CHANNELS_FIRST) {
      return tensor;
    }
    String first = tensor.name() + "_first";
    graph.node(
        "Transpose", first, List.of(tensor.name()), attribute("perm", List.of(0L, 3L, 1L, 2L)));
    Packed floats = tensor.laidOut(tensor.name() + "_float", Layout.FLOATS_CHANNELS_FIRST);
    graph.node("DequantizeLinear", floats.name(), List.of(first, UNIT, ZERO));
    return floats;
  }

  @Override
  public String flat(Packed tensor) {
    String floats = tensor.name() + "_head";
    graph.node("DequantizeLinear", floats, List.of(tensor.name(), UNIT, ZERO));
    return graph.node("Flatten", tensor.name() + "_flat", List.of(floats), attribute("axis", 1));
  }
}
