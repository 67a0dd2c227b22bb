package io.boostnet.training.network;

import java.util.ArrayList;
import java.util.List;

/**
 * Appends nodes with their shapes worked out. A value is its number, see {@link Node}. Used by one
 * thread, once.
 */
final class NetworkBuilder {
  private final List<Node> nodes = new ArrayList<>();
  private final List<Integer> exits = new ArrayList<>();

  NetworkBuilder(FeatureShape input) {
    add(new Node.Input(input));
  }

  FeatureShape shape(int value) {
    return nodes.get(value).shape();
  }

  int conv(
      String name, int input, int outChannels, int kernel, int stride, int padding, boolean bias) {
    FeatureShape in = shape(input);
    FeatureShape out = in.windowed(outChannels, kernel, stride, padding);
    return add(new Node.Conv2d(name, input, in.channels(), kernel, stride, padding, 1, bias, out));
  }

  /** A 3 x 3 convolution of every channel by itself, without bias, padded by 1. */
  int depthwise(String name, int input, int stride) {
    FeatureShape in = shape(input);
    int channels = in.channels();
    FeatureShape out = in.windowed(channels, 3, stride, 1);
    return add(new Node.Conv2d(name, input, channels, 3, stride, 1, channels, false, out));
  }

  int batchNorm(String name, int input) {
    return add(new Node.BatchNorm(name, input, shape(input)));
  }

  int relu(int input) {
    return add(new Node.Relu(input, shape(input)));
  }

  /**
   * Convolution without bias, batch normalisation and ReLU, named {@code name.first}, {@code
   * name.first+1} as in a PyTorch Sequential.
   */
  int convNormRelu(String name, int first, int input, int outChannels, int kernel, int stride) {
    int conv = conv(name + "." + first, input, outChannels, kernel, stride, kernel / 2, false);
    return relu(batchNorm(name + "." + (first + 1), conv));
  }

  int maxPool(int input, int kernel, int stride, int padding) {
    FeatureShape in = shape(input);
    return add(
        new Node.MaxPool(
            input, kernel, stride, padding, in.windowed(in.channels(), kernel, stride, padding)));
  }

  int avgPool(int input, int kernel) {
    FeatureShape in = shape(input);
    return add(new Node.AvgPool(input, kernel, in.windowed(in.channels(), kernel, kernel, 0)));
  }

  int add(int first, int second) {
    return add(new Node.Add(first, second, shape(first)));
  }

  int concat(Integer... inputs) {
    int channels = 0;
    for (int input : inputs) {
      channels += shape(input).channels();
      if (!shape(input).withChannels(1).equals(shape(inputs[0]).withChannels(1))) {
        throw new IllegalArgumentException(
            "maps of "
                + shape(inputs[0])
                + " and "
                + shape(input)
                + " cannot be put side by side; choose an image size that halves evenly");
      }
    }
    return add(new Node.Concat(List.of(inputs), shape(inputs[0]).withChannels(channels)));
  }

  /** Resizes to the height and width of {@code like}; nothing if they are the same already. */
  int resize(int input, FeatureShape like) {
    FeatureShape out = like.withChannels(shape(input).channels());
    return out.equals(shape(input)) ? input : add(new Node.Resize(input, out));
  }

  int gradientScale(int input, double factor) {
    return add(new Node.GradientScale(input, factor, shape(input)));
  }

  /**
   * The exit head that MSDNet and RANet share: two strided convolutions, pooling to 1 x 1, and a
   * linear layer.
   */
  void exitHead(String name, int input, int width, int classes) {
    int pooled;
    try {
      int a = convNormRelu(name + ".m.0.net", 0, input, width, 3, 2);
      int b = convNormRelu(name + ".m.1.net", 0, a, width, 3, 2);
      pooled = avgPool(b, 2);
    } catch (IllegalArgumentException e) {
      throw headDoesNotFit(name, input, e);
    }
    if (shape(pooled).height() != 1 || shape(pooled).width() != 1) {
      throw headDoesNotFit(name, input, null);
    }
    exits.add(
        add(new Node.Linear(name + ".linear", pooled, width, new FeatureShape(classes, 1, 1))));
  }

  /** An exit whose head is one linear layer on the mean of a square map. */
  void linearExit(String name, int input, int classes) {
    FeatureShape in = shape(input);
    if (in.height() != in.width()) {
      throw new IllegalArgumentException(
          "the mean of a map of %d x %d is not a square window; choose square images"
              .formatted(in.height(), in.width()));
    }
    linearOn(name, in.height() == 1 ? input : avgPool(input, in.height()), classes);
  }

  /** An exit that is one linear layer on all of a map. */
  void linearOn(String name, int input, int classes) {
    int features = Math.toIntExact(shape(input).size());
    exits.add(add(new Node.Linear(name, input, features, new FeatureShape(classes, 1, 1))));
  }

  private IllegalArgumentException headDoesNotFit(String name, int input, Exception cause) {
    FeatureShape in = shape(input);
    return new IllegalArgumentException(
        "exit head %s reads a map of %d x %d pixels; it needs 5 to 12 pixels a side: change the number of scales or the image size"
            .formatted(name, in.height(), in.width()),
        cause);
  }

  Network build() {
    return new Network(nodes, exits);
  }

  private int add(Node node) {
    nodes.add(node);
    return nodes.size() - 1;
  }
}
