package io.boostnet.training.train;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Random changes of a training image, on its pixels: a crop of the image with a black border around
 * it, and a flip left to right.
 *
 * @param border width of the border in pixels; 0 for no cropping
 * @param flip whether half of the images are mirrored; not for signs and letters
 */
public record Augmentation(int border, boolean flip) {

  public Augmentation {
    if (border < 0 || border > 1024) {
      throw new IllegalArgumentException("crop-padding is " + border + "; it must be 0 to 1024");
    }
  }

  /**
   * Writes a changed copy of an image.
   *
   * @param planes {@code [3][height][width]} bytes
   * @param target of the same size
   * @param random source of this image's choices; always drawn from three times
   */
  void apply(byte[] planes, byte[] target, int height, int width, SplittableRandom random) {
    int down = random.nextInt(2 * border + 1) - border;
    int right = random.nextInt(2 * border + 1) - border;
    boolean mirrored = random.nextBoolean() && flip;
    Arrays.fill(target, (byte) 0);
    int fromColumn = Math.max(0, right);
    int toColumn = Math.min(width, width + right);
    for (int row = 0; row < 3 * height; row++) {
      int source = row % height + down;
      if (source < 0 || source >= height) {
        continue;
      }
      int from = (row / height * height + source) * width;
      int to = row * width;
      if (mirrored) {
        for (int column = fromColumn; column < toColumn; column++) {
          target[to + width - 1 - (column - right)] = planes[from + column];
        }
      } else if (fromColumn < toColumn) {
        System.arraycopy(
            planes, from + fromColumn, target, to + fromColumn - right, toColumn - fromColumn);
      }
    }
  }
}
