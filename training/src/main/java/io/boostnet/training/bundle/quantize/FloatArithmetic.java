package io.boostnet.training.bundle.quantize;

import static io.boostnet.training.bundle.onnx.OnnxGraph.attribute;

import ai.onnx.proto.OnnxMl.AttributeProto;
import io.boostnet.schema.ElementType;
import io.boostnet.schema.TensorSpec;
import io.boostnet.training.bundle.onnx.OnnxGraph;
import io.boostnet.training.bundle.quantize.Packed.Layout;
import java.util.List;

/**
 * 32-bit floats: what shows that folding and stacking change nothing, and tells the ranges. Beside
 * its outputs a model gives the largest value of every slot that a convolution writes, image by
 * image.
 */
final class FloatArithmetic implements Arithmetic {

  private final OnnxGraph graph;
  private final Ranges ranges;

  /**
   * @param ranges is told of every output of the model that holds maxima
   */
  FloatArithmetic(OnnxGraph graph, Ranges ranges) {
    this.graph = graph;
    this.ranges = ranges;
  }

  @Override
  public Layout layout() {
    return Layout.FLOATS_CHANNELS_FIRST;
  }

  @Override
  public double unit(Channel channel) {
    return 1;
  }

  @Override
  public int leastSlots() {
    return 1;
  }

  @Override
  public Packed convolution(Packed input, FoldedKernel kernel, Packed output) {
    relu(graph, input, kernel, output);
    String maxima = "max_" + output.name();
    graph.node(
        "ReduceMax",
        maxima,
        List.of(output.name()),
        attribute("axes", List.of(2L, 3L)),
        attribute("keepdims", 0));
    graph.output(
        new TensorSpec(maxima, ElementType.FLOAT, List.of(-1L, (long) output.slots().size())));
    ranges.expect(maxima, output);
    return output;
  }

  /** Convolution and ReLU in 32-bit floats. */
  static void relu(OnnxGraph graph, Packed input, FoldedKernel kernel, Packed output) {
    String name = output.name();
    float[] bias = new float[kernel.bias().length];
    for (int i = 0; i < bias.length; i++) {
      bias[i] = (float) kernel.bias()[i];
    }
    graph.node(
        "Conv",
        name + "_sum",
        List.of(
            input.name(),
            graph.floats(
                name + "_weight",
                kernel.weights(),
                output.slots().size(),
                input.slots().size(),
                kernel.rows().taps(),
                kernel.columns().taps()),
            graph.floats(name + "_bias", bias, bias.length)),
        window(kernel));
    graph.node("Relu", name, List.of(name + "_sum"));
  }

  static AttributeProto[] window(FoldedKernel kernel) {
    FoldedKernel.Axis rows = kernel.rows();
    FoldedKernel.Axis columns = kernel.columns();
    return new AttributeProto[] {
      attribute("kernel_shape", List.of((long) rows.taps(), (long) columns.taps())),
      attribute("strides", List.of((long) rows.stride(), (long) columns.stride())),
      attribute(
          "pads",
          List.of(
              (long) rows.before(),
              (long) columns.before(),
              (long) rows.after(),
              (long) columns.after()))
    };
  }

  @Override
  public Packed stored(Packed tensor) {
    return tensor;
  }

  @Override
  public Packed floats(Packed tensor) {
    return tensor;
  }

  @Override
  public String flat(Packed tensor) {
    return graph.node(
        "Flatten", tensor.name() + "_flat", List.of(tensor.name()), attribute("axis", 1));
  }
}
