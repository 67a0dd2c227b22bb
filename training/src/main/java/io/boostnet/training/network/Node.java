package io.boostnet.training.network;

import io.boostnet.training.network.Parameter.Role;
import java.util.List;
import java.util.function.IntUnaryOperator;

/**
 * One operation of a network. It makes exactly one value, and the value has the number of the node:
 * value {@code v} is the output of {@code network.nodes().get(v)}. Inputs always have smaller
 * numbers, so running the nodes in their order is correct.
 *
 * <p>Tensors are {@code [batch, channels, height, width]}, of 32-bit floats; {@link #shape()} is
 * the output for one image. Semantics are PyTorch's operators of the same name with the settings
 * given at each record.
 */
public sealed interface Node {

  /** Numbers of the values this node reads, in the order in which it takes them. */
  List<Integer> inputs();

  /** Shape of the output for one image. */
  FeatureShape shape();

  /**
   * The same node reading other values: {@code renumber} is applied to each of {@link #inputs()}.
   */
  Node rewired(IntUnaryOperator renumber);

  /** Tensors of this node, in PyTorch's order; empty for most kinds. */
  default List<Parameter> parameters() {
    return List.of();
  }

  /**
   * Multiply-accumulate operations for one image, counted as the early-exit literature does:
   * convolution and linear by their products (linear with its bias), ReLU one per element, average
   * pooling one per element read, everything else nothing.
   */
  default long macs() {
    return 0;
  }

  /** The image batch; always node 0. */
  record Input(FeatureShape shape) implements Node {
    @Override
    public List<Integer> inputs() {
      return List.of();
    }

    @Override
    public Node rewired(IntUnaryOperator renumber) {
      return this;
    }
  }

  /**
   * Square convolution, no dilation. Tensors: {@code name.weight} of {@code [out, in / groups,
   * kernel, kernel]}, and {@code name.bias} if {@code bias}.
   */
  record Conv2d(
      String name,
      int input,
      int inChannels,
      int kernel,
      int stride,
      int padding,
      int groups,
      boolean bias,
      FeatureShape shape)
      implements Node {
    @Override
    public List<Integer> inputs() {
      return List.of(input);
    }

    @Override
    public Node rewired(IntUnaryOperator renumber) {
      return new Conv2d(
          name,
          renumber.applyAsInt(input),
          inChannels,
          kernel,
          stride,
          padding,
          groups,
          bias,
          shape);
    }

    public String weight() {
      return name + ".weight";
    }

    public String biasName() {
      return name + ".bias";
    }

    @Override
    public List<Parameter> parameters() {
      long out = shape.channels();
      Parameter weight =
          new Parameter(
              weight(),
              List.of(out, (long) inChannels / groups, (long) kernel, (long) kernel),
              Role.CONV_WEIGHT);
      return bias
          ? List.of(weight, new Parameter(biasName(), List.of(out), Role.BIAS))
          : List.of(weight);
    }

    @Override
    public long macs() {
      return shape.size() * (inChannels / groups) * kernel * kernel;
    }
  }

  /**
   * Batch normalisation over each channel: {@code y = scale * (x - mean) / sqrt(variance + EPSILON)
   * + shift}. Training uses the batch's mean and biased variance, and moves the running statistics
   * by {@link #MOMENTUM} towards the mean and the unbiased variance.
   */
  record BatchNorm(String name, int input, FeatureShape shape) implements Node {
    public static final double EPSILON = 1e-5;

    /** PyTorch's meaning: the weight of the new batch in the running statistics. */
    public static final double MOMENTUM = 0.1;

    @Override
    public List<Integer> inputs() {
      return List.of(input);
    }

    @Override
    public Node rewired(IntUnaryOperator renumber) {
      return new BatchNorm(name, renumber.applyAsInt(input), shape);
    }

    public String scale() {
      return name + ".weight";
    }

    public String shift() {
      return name + ".bias";
    }

    public String runningMean() {
      return name + ".running_mean";
    }

    public String runningVariance() {
      return name + ".running_var";
    }

    /**
     * Name of PyTorch's batch counter: official checkpoints hold it (a scalar int64), nothing here
     * needs it.
     */
    public String batchCounter() {
      return name + ".num_batches_tracked";
    }

    @Override
    public List<Parameter> parameters() {
      List<Long> sizes = List.of((long) shape.channels());
      return List.of(
          new Parameter(scale(), sizes, Role.NORM_SCALE),
          new Parameter(shift(), sizes, Role.NORM_SHIFT),
          new Parameter(runningMean(), sizes, Role.RUNNING_MEAN),
          new Parameter(runningVariance(), sizes, Role.RUNNING_VARIANCE));
    }
  }

  /** The larger of 0 and each element. */
  record Relu(int input, FeatureShape shape) implements Node {
    @Override
    public List<Integer> inputs() {
      return List.of(input);
    }

    @Override
    public Node rewired(IntUnaryOperator renumber) {
      return new Relu(renumber.applyAsInt(input), shape);
    }

    @Override
    public long macs() {
      return shape.size();
    }
  }

  /** Maximum over a square window; padded positions never win. */
  record MaxPool(int input, int kernel, int stride, int padding, FeatureShape shape)
      implements Node {
    @Override
    public List<Integer> inputs() {
      return List.of(input);
    }

    @Override
    public Node rewired(IntUnaryOperator renumber) {
      return new MaxPool(renumber.applyAsInt(input), kernel, stride, padding, shape);
    }

    @Override
    public long macs() {
      return shape.size() * kernel * kernel;
    }
  }

  /** Mean over a square window without padding, moved by its own size. */
  record AvgPool(int input, int kernel, FeatureShape shape) implements Node {
    @Override
    public List<Integer> inputs() {
      return List.of(input);
    }

    @Override
    public Node rewired(IntUnaryOperator renumber) {
      return new AvgPool(renumber.applyAsInt(input), kernel, shape);
    }

    @Override
    public long macs() {
      return shape.size() * kernel * kernel;
    }
  }

  /** Sum of two values of the same shape, element by element: the shortcut of a residual block. */
  record Add(int first, int second, FeatureShape shape) implements Node {
    @Override
    public List<Integer> inputs() {
      return List.of(first, second);
    }

    @Override
    public Node rewired(IntUnaryOperator renumber) {
      return new Add(renumber.applyAsInt(first), renumber.applyAsInt(second), shape);
    }
  }

  /** Inputs one after the other along the channels; all of the same height and width. */
  record Concat(List<Integer> inputs, FeatureShape shape) implements Node {
    public Concat {
      inputs = List.copyOf(inputs);
    }

    @Override
    public Node rewired(IntUnaryOperator renumber) {
      return new Concat(inputs.stream().map(renumber::applyAsInt).toList(), shape);
    }
  }

  /**
   * Bilinear resizing to the height and width of {@code shape}, the corner pixels of both aligned
   * ({@code align_corners=True}).
   */
  record Resize(int input, FeatureShape shape) implements Node {
    @Override
    public List<Integer> inputs() {
      return List.of(input);
    }

    @Override
    public Node rewired(IntUnaryOperator renumber) {
      return new Resize(renumber.applyAsInt(input), shape);
    }
  }

  /**
   * Fully connected layer on a map, which is flattened first: {@code y = x * transpose(weight) +
   * bias}. Tensors: {@code name.weight} of {@code [out, in]} and {@code name.bias}.
   */
  record Linear(String name, int input, int inFeatures, FeatureShape shape) implements Node {
    @Override
    public List<Integer> inputs() {
      return List.of(input);
    }

    @Override
    public Node rewired(IntUnaryOperator renumber) {
      return new Linear(name, renumber.applyAsInt(input), inFeatures, shape);
    }

    public String weight() {
      return name + ".weight";
    }

    public String bias() {
      return name + ".bias";
    }

    @Override
    public List<Parameter> parameters() {
      long out = shape.channels();
      return List.of(
          new Parameter(weight(), List.of(out, (long) inFeatures), Role.LINEAR_WEIGHT),
          new Parameter(bias(), List.of(out), Role.BIAS));
    }

    @Override
    public long macs() {
      return shape.size() * inFeatures + shape.size();
    }
  }

  /**
   * The identity, whose gradient is multiplied by {@code factor} on the way back. Gone from {@link
   * Network#forInference()}.
   */
  record GradientScale(int input, double factor, FeatureShape shape) implements Node {
    @Override
    public List<Integer> inputs() {
      return List.of(input);
    }

    @Override
    public Node rewired(IntUnaryOperator renumber) {
      return new GradientScale(renumber.applyAsInt(input), factor, shape);
    }
  }
}
