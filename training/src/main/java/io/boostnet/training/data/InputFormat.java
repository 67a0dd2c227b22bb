package io.boostnet.training.data;

import io.boostnet.image.Resize;
import io.boostnet.schema.ChannelOrder;
import io.boostnet.schema.Preprocessing;
import java.util.List;

/**
 * From an image to the network's input tensor: resize, then {@code (pixel / 255 - mean[c]) /
 * std[c]}, channel by channel in the order red, green, blue.
 *
 * @param resize the size of the input
 * @param mean mean of each channel, for pixels of 0..1
 * @param std standard deviation of each channel, for pixels of 0..1; above 0
 */
public record InputFormat(Resize resize, List<Double> mean, List<Double> std) {

  private static final double SCALE = 1.0 / 255;

  public InputFormat {
    mean = List.copyOf(mean);
    std = List.copyOf(std);
    if (mean.size() != 3 || std.size() != 3 || std.stream().anyMatch(value -> !(value > 0))) {
      throw new IllegalArgumentException(
          "mean is "
              + mean
              + " and std is "
              + std
              + "; both need one number per colour, std above 0");
    }
  }

  /** CIFAR-10 as the official scripts normalise it. */
  public static InputFormat cifar10() {
    return new InputFormat(
        Resize.stretch(32, 32), List.of(0.4914, 0.4824, 0.4467), List.of(0.2471, 0.2435, 0.2616));
  }

  /** CIFAR-100 as the official scripts normalise it. */
  public static InputFormat cifar100() {
    return new InputFormat(
        Resize.stretch(32, 32), List.of(0.5071, 0.4867, 0.4408), List.of(0.2675, 0.2565, 0.2761));
  }

  /**
   * ImageNet as the official scripts normalise it: the short side to 256, the centre of 224 x 224.
   */
  public static InputFormat imageNet() {
    return new InputFormat(
        Resize.shortSideCrop(256, 224, 224),
        List.of(0.485, 0.456, 0.406),
        List.of(0.229, 0.224, 0.225));
  }

  /**
   * The input format that a bundle's manifest states.
   *
   * @throws IllegalArgumentException where it is one that data sets are not read in
   */
  public static InputFormat of(Preprocessing stated) {
    if (stated.getChannelOrder() != ChannelOrder.RGB
        || Math.abs(stated.getScale() / SCALE - 1) > 1e-6) {
      throw new IllegalArgumentException(
          "channelOrder is %s and scale is %s; images of data sets are read as RGB with 1/255"
              .formatted(stated.getChannelOrder(), stated.getScale()));
    }
    Resize resize =
        new Resize(
            stated.getHeight(),
            stated.getWidth(),
            stated.getResize(),
            stated.getShortSide(),
            stated.getInterpolation());
    return new InputFormat(resize, stated.getMean(), stated.getStd());
  }

  /** The same with pixels of 0..255, for a network that normalises itself. */
  public InputFormat pixels() {
    return new InputFormat(resize, List.of(0.0, 0.0, 0.0), List.of(SCALE, SCALE, SCALE));
  }

  /** Elements of one image's tensor: 3 x height x width. */
  public int size() {
    return resize.planesSize();
  }

  /** Writes the tensor of an image of {@link LabelledImages#readPlanes} into {@code target}. */
  public void normalise(byte[] planes, int planesOffset, float[] target, int targetOffset) {
    int pixels = resize.height() * resize.width();
    for (int c = 0; c < 3; c++) {
      float factor = (float) (SCALE / std.get(c));
      float shift = (float) (-mean.get(c) / std.get(c));
      for (int p = c * pixels; p < (c + 1) * pixels; p++) {
        target[targetOffset + p] = (planes[planesOffset + p] & 0xFF) * factor + shift;
      }
    }
  }

  /** As a bundle's manifest states it. */
  public Preprocessing manifest() {
    return Preprocessing.newBuilder()
        .setHeight(resize.height())
        .setWidth(resize.width())
        .setChannelOrder(ChannelOrder.RGB)
        .setScale(SCALE)
        .setMean(mean)
        .setStd(std)
        .setResize(resize.rule())
        .setShortSide(resize.shortSide())
        .setInterpolation(resize.interpolation())
        .build();
  }
}
