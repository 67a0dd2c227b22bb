package io.boostnet.training.network;

/**
 * Residual network in the form for small images (He et al., CVPR 2016, section 4.2), with one exit:
 * an ordinary classifier, to compare with and to graft exits onto.
 *
 * <p>A 3 x 3 convolution, three groups of {@code (depth - 2) / 6} blocks of two 3 x 3 convolutions
 * each, with {@code width}, twice and four times as many channels and half the resolution from
 * group to group, then the mean of the map and a linear layer. Where the shape changes the shortcut
 * is a 1 x 1 convolution (option B). Tensors are named as in torchvision's residual networks.
 *
 * @param depth convolutions and linear layers on the longest path: 6n + 2, 8 or more
 * @param width channels of the first group
 */
public record ResNet(int depth, int width) {

  private static final int GROUPS = 3;

  public ResNet {
    Checks.positive("width", width);
    if (depth < 8 || (depth - 2) % 6 != 0) {
      throw new IllegalArgumentException(
          "depth is " + depth + "; it must be 6n + 2, for instance 8, 14, 20, 32 or 56");
    }
  }

  /**
   * Builds the network.
   *
   * @param input shape of an image, square
   * @param classes length of the logits
   */
  public Network build(FeatureShape input, int classes) {
    NetworkBuilder builder = new NetworkBuilder(input);
    int map = builder.relu(convNorm(builder, "conv1", "bn1", 0, width, 3, 1));
    for (int group = 0; group < GROUPS; group++) {
      for (int block = 0; block < (depth - 2) / 6; block++) {
        int stride = group > 0 && block == 0 ? 2 : 1;
        map = block(builder, "layer" + (group + 1) + "." + block, map, width << group, stride);
      }
    }
    builder.linearExit("fc", map, classes);
    return builder.build();
  }

  private static int block(
      NetworkBuilder builder, String name, int input, int channels, int stride) {
    int first =
        builder.relu(convNorm(builder, name + ".conv1", name + ".bn1", input, channels, 3, stride));
    int second = convNorm(builder, name + ".conv2", name + ".bn2", first, channels, 3, 1);
    boolean same = stride == 1 && builder.shape(input).channels() == channels;
    int shortcut =
        same
            ? input
            : convNorm(
                builder,
                name + ".downsample.0",
                name + ".downsample.1",
                input,
                channels,
                1,
                stride);
    return builder.relu(builder.add(second, shortcut));
  }

  private static int convNorm(
      NetworkBuilder builder,
      String conv,
      String norm,
      int input,
      int channels,
      int kernel,
      int stride) {
    return builder.batchNorm(
        norm, builder.conv(conv, input, channels, kernel, stride, kernel / 2, false));
  }
}
