package io.boostnet.flink.model;

import java.io.Serializable;
import java.util.List;
import org.apache.flink.annotation.PublicEvolving;

/**
 * From a decoded image to the input tensor: resize, then {@code value = (pixel * scale - mean[c]) /
 * std[c]}, laid out channel by channel.
 *
 * @param height rows of the tensor, in pixels, 1 .. 4096
 * @param width columns of the tensor, in pixels, 1 .. 4096
 * @param order order of the channels in the tensor
 * @param scale factor on a pixel of 0..255
 * @param mean mean per channel, in the tensor's order, in units after scale
 * @param std standard deviation per channel, above 0
 * @param resize how another size becomes height x width
 * @param shortSide short side in pixels before the crop of {@link Resize#SHORT_SIDE_CROP}
 * @param interpolation how pixels between pixels are found
 */
@PublicEvolving
public record Preprocessing(
    int height,
    int width,
    ChannelOrder order,
    double scale,
    List<Double> mean,
    List<Double> std,
    Resize resize,
    int shortSide,
    Interpolation interpolation)
    implements Serializable {

  /** Colour channels of every image. */
  public static final int CHANNELS = 3;

  private static final int MAX_SIDE = 4096;

  /** Order of the colours in the tensor. */
  public enum ChannelOrder {
    RGB,
    BGR
  }

  /** How an image of another size becomes height x width. */
  public enum Resize {
    /** Both sides to the target size; the aspect is not kept. */
    STRETCH,
    /** The short side to {@link Preprocessing#shortSide()}, then the centre of height x width. */
    SHORT_SIDE_CROP
  }

  /** How pixels between pixels are found. */
  public enum Interpolation {
    /** The mean of the covered area where both sides shrink, else linear. */
    AREA,
    /** The antialiased triangle filter of PIL and torchvision. */
    BILINEAR,
    /** The antialiased cubic filter of PIL and torchvision. */
    BICUBIC
  }

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException with the name, the value and the range
   */
  public Preprocessing {
    mean = List.copyOf(mean);
    std = List.copyOf(std);
    checkSide("height", height);
    checkSide("width", width);
    if (mean.size() != CHANNELS || std.size() != CHANNELS) {
      throw new IllegalArgumentException(
          "preprocessing has mean " + mean + " and std " + std + "; each needs three values");
    }
    if (!(scale > 0) || !std.stream().allMatch(value -> value > 0)) {
      throw new IllegalArgumentException(
          "preprocessing has scale " + scale + " and std " + std + "; all must be above 0");
    }
    if (resize == Resize.SHORT_SIDE_CROP && shortSide < Math.max(height, width)) {
      throw new IllegalArgumentException(
          "preprocessing.shortSide is "
              + shortSide
              + "; the crop needs "
              + Math.max(height, width));
    }
  }

  private static void checkSide(String name, int value) {
    if (value < 1 || value > MAX_SIDE) {
      throw new IllegalArgumentException(
          "preprocessing." + name + " is " + value + "; allowed are 1 to " + MAX_SIDE);
    }
  }
}
