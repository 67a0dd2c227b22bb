package io.boostnet.training.network;

/**
 * Which of the two published forms of a backbone is built: they differ in the first layer and in
 * the width of the exit heads.
 */
public enum Form {
  /** For images of about 32 x 32: a 3 x 3 convolution first, heads of 128 channels. */
  CIFAR,
  /**
   * For images of about 224 x 224: a 7 x 7 convolution of stride 2 and max pooling first, heads as
   * wide as their input.
   */
  IMAGENET;

  /** First layer at the finest scale. */
  int stem(NetworkBuilder builder, String name, int image, int outChannels) {
    if (this == CIFAR) {
      return builder.convNormRelu(name + ".net", 0, image, outChannels, 3, 1);
    }
    int conv = builder.conv(name + ".0", image, outChannels, 7, 2, 3, true);
    return builder.maxPool(builder.relu(builder.batchNorm(name + ".1", conv)), 3, 2, 1);
  }

  void exitHead(NetworkBuilder builder, String name, int input, int classes) {
    builder.exitHead(name, input, this == CIFAR ? 128 : builder.shape(input).channels(), classes);
  }
}
