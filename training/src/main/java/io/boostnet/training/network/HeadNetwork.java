package io.boostnet.training.network;

import java.util.Locale;

/**
 * Exit heads for features of any network, from a linear layer on the mean of the map up to a small
 * network of depth-wise convolutions. Ordered from the smallest to the largest.
 *
 * @param kind form of the head
 * @param width channels behind the first convolution, or of the hidden layer; 0 for none
 */
public record HeadNetwork(Kind kind, int width) {

  /** Forms of a head. */
  public enum Kind {
    /** A linear layer on the mean over the map. */
    LINEAR,
    /** A linear layer on the means over the 16 parts of the map. */
    GRID,
    /** A hidden layer of {@code width} on the mean over the map. */
    HIDDEN,
    /**
     * Two separable convolutions of stride 2, then a linear layer on what they leave of the map.
     */
    CONVOLUTIONAL
  }

  /** Whether this head can read such a map, which is square. */
  public boolean fits(FeatureShape features) {
    return switch (kind) {
      case LINEAR -> true;
      case HIDDEN -> features.height() == 1;
      case GRID -> features.height() >= 8 && features.height() % 4 == 0;
      case CONVOLUTIONAL -> features.height() >= 4;
    };
  }

  /**
   * The head as a network with one exit that takes the features.
   *
   * @param features shape of the map, square
   * @param classes length of the logits
   */
  public Network build(FeatureShape features, int classes) {
    NetworkBuilder builder = new NetworkBuilder(features);
    switch (kind) {
      case LINEAR -> builder.linearOn("linear", norm(builder, mean(builder, 0)), classes);
      case GRID -> {
        int means = builder.avgPool(0, features.height() / 4);
        builder.linearOn("linear", norm(builder, means), classes);
      }
      case HIDDEN -> {
        int normal = norm(builder, mean(builder, 0));
        int hidden = builder.convNormRelu("hidden", 0, normal, width, 1, 1);
        builder.linearOn("linear", hidden, classes);
      }
      case CONVOLUTIONAL -> {
        int first = separable(builder, "first", 0, width);
        int second = separable(builder, "second", first, 2 * width);
        builder.linearOn("linear", second, classes);
      }
    }
    return builder.build();
  }

  private static int mean(NetworkBuilder builder, int map) {
    int side = builder.shape(map).height();
    return side == 1 ? map : builder.avgPool(map, side);
  }

  private static int norm(NetworkBuilder builder, int map) {
    return builder.batchNorm("norm", map);
  }

  /** A depth-wise 3 x 3 convolution of stride 2 and a 1 x 1 convolution over the channels. */
  private static int separable(NetworkBuilder builder, String name, int input, int width) {
    int spread = builder.batchNorm(name + ".norm", builder.depthwise(name + ".depth", input, 2));
    return builder.convNormRelu(name + ".point", 0, spread, width, 1, 1);
  }

  @Override
  public String toString() {
    return kind.name().toLowerCase(Locale.ROOT) + (width == 0 ? "" : " " + width);
  }
}
