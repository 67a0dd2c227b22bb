package io.boostnet.training.network;

/**
 * Shape of a value for one image: channels, rows, columns. The batch is the leading dimension,
 * which is not part of it. The output of a {@link Node.Linear} is {@code classes x 1 x 1} here and
 * a {@code [batch, classes]} matrix when run.
 *
 * @param channels channels, 1 or more
 * @param height rows, 1 or more
 * @param width columns, 1 or more
 */
public record FeatureShape(int channels, int height, int width) {

  public FeatureShape {
    if (channels < 1 || height < 1 || width < 1) {
      throw new IllegalArgumentException(
          "a feature map of %d channels and %d x %d is empty; every size must be 1 or more"
              .formatted(channels, height, width));
    }
  }

  /** Number of elements for one image. */
  public long size() {
    return (long) channels * height * width;
  }

  FeatureShape withChannels(int other) {
    return new FeatureShape(other, height, width);
  }

  /**
   * Shape after a square window of {@code kernel} moved by {@code stride} over this map, padded by
   * {@code padding} on each side.
   */
  FeatureShape windowed(int outChannels, int kernel, int stride, int padding) {
    return new FeatureShape(
        outChannels,
        Math.floorDiv(height + 2 * padding - kernel, stride) + 1,
        Math.floorDiv(width + 2 * padding - kernel, stride) + 1);
  }

  @Override
  public String toString() {
    return channels + " x " + height + " x " + width;
  }
}
