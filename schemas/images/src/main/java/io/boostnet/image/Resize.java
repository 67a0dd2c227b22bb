package io.boostnet.image;

import io.boostnet.schema.Interpolation;
import io.boostnet.schema.ResizeRule;

/**
 * How an image of any size becomes {@code height} x {@code width} pixels.
 *
 * <p>{@code BILINEAR} and {@code BICUBIC} are PIL's, and so torchvision's, on every pixel: a filter
 * that widens as the image shrinks. {@code SHORT_SIDE_CROP} under them is torchvision's {@code
 * Resize} and {@code CenterCrop} as well: the long side is rounded down, the centre to even. {@code
 * AREA} averages over the covered area where both sides shrink and interpolates linearly otherwise;
 * the long side is rounded, the centre rounded down.
 *
 * @param height rows, in pixels
 * @param width columns, in pixels
 * @param rule stretch both sides, or bring the short side to {@code shortSide} and cut out the
 *     centre
 * @param shortSide pixels, at least the larger of height and width; 0 with {@link
 *     ResizeRule#STRETCH}
 * @param interpolation how pixels between pixels are found; null, in a record made before there was
 *     a choice, is {@code AREA}
 */
public record Resize(
    int height, int width, ResizeRule rule, int shortSide, Interpolation interpolation) {

  /** Most pixels of a side. */
  public static final int MAX_SIDE = 8192;

  public Resize {
    checkSide("height", height);
    checkSide("width", width);
    if (rule == ResizeRule.STRETCH && shortSide != 0) {
      throw new IllegalArgumentException(
          "shortSide is " + shortSide + "; with STRETCH it must be 0");
    }
    if (rule == ResizeRule.SHORT_SIDE_CROP && shortSide < Math.max(height, width)) {
      throw new IllegalArgumentException(
          "shortSide is "
              + shortSide
              + "; it must be at least "
              + Math.max(height, width)
              + " to cut out the centre");
    }
    interpolation = interpolation == null ? Interpolation.AREA : interpolation;
  }

  /** Both sides to the target size, {@code BILINEAR}; the aspect is not kept. */
  public static Resize stretch(int height, int width) {
    return new Resize(height, width, ResizeRule.STRETCH, 0, Interpolation.BILINEAR);
  }

  /**
   * The short side to {@code shortSide}, {@code BILINEAR}, then the centre of {@code height} x
   * {@code width}.
   */
  public static Resize shortSideCrop(int shortSide, int height, int width) {
    return new Resize(height, width, ResizeRule.SHORT_SIDE_CROP, shortSide, Interpolation.BILINEAR);
  }

  /** The same with another interpolation. */
  public Resize with(Interpolation other) {
    return new Resize(height, width, rule, shortSide, other);
  }

  /** Bytes of the three colour planes: 3 x height x width. */
  public int planesSize() {
    return 3 * height * width;
  }

  /**
   * What an image of a size is scaled to, and which part of that is taken.
   *
   * @param width columns of the scaled image, in pixels
   * @param height rows of the scaled image, in pixels
   * @param left first column that is taken
   * @param top first row that is taken
   */
  record Scaled(int width, int height, int left, int top) {}

  Scaled of(int sourceWidth, int sourceHeight) {
    if (rule == ResizeRule.STRETCH) {
      return new Scaled(width, height, 0, 0);
    }
    int shorter = Math.min(sourceWidth, sourceHeight);
    if (interpolation == Interpolation.AREA) {
      double factor = (double) shortSide / shorter;
      int columns = Math.max(width, (int) Math.round(sourceWidth * factor));
      int rows = Math.max(height, (int) Math.round(sourceHeight * factor));
      return new Scaled(columns, rows, (columns - width) / 2, (rows - height) / 2);
    }
    int columns = (int) ((long) shortSide * sourceWidth / shorter);
    int rows = (int) ((long) shortSide * sourceHeight / shorter);
    return new Scaled(columns, rows, centre(columns - width), centre(rows - height));
  }

  private static int centre(int rest) {
    return (int) Math.rint(rest / 2.0);
  }

  /**
   * The least side in pixels that a smaller version of an image may have, where it is resized by
   * this from there.
   */
  int leastSide(int times) {
    return times * Math.max(shortSide, Math.max(height, width));
  }

  private static void checkSide(String name, int value) {
    if (value < 1 || value > MAX_SIDE) {
      throw new IllegalArgumentException(name + " is " + value + "; it must be 1 to " + MAX_SIDE);
    }
  }
}
