package io.boostnet.training.data;

import io.boostnet.schema.ResizeRule;

/**
 * How an image of any size becomes {@code height} x {@code width} pixels. Shrinking averages over
 * the covered area, growing interpolates linearly.
 *
 * @param height rows, in pixels
 * @param width columns, in pixels
 * @param rule stretch both sides, or bring the short side to {@code shortSide} and cut out the
 *     centre
 * @param shortSide pixels, at least the larger of height and width; 0 with {@link
 *     ResizeRule#STRETCH}
 */
public record Resize(int height, int width, ResizeRule rule, int shortSide) {

  private static final int MAX_SIDE = 8192;

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
  }

  /** Both sides to the target size; the aspect is not kept. */
  public static Resize stretch(int height, int width) {
    return new Resize(height, width, ResizeRule.STRETCH, 0);
  }

  /** The short side to {@code shortSide}, then the centre of {@code height} x {@code width}. */
  public static Resize shortSideCrop(int shortSide, int height, int width) {
    return new Resize(height, width, ResizeRule.SHORT_SIDE_CROP, shortSide);
  }

  /** Bytes of the three colour planes: 3 x height x width. */
  public int planesSize() {
    return 3 * height * width;
  }

  private static void checkSide(String name, int value) {
    if (value < 1 || value > MAX_SIDE) {
      throw new IllegalArgumentException(name + " is " + value + "; it must be 1 to " + MAX_SIDE);
    }
  }
}
