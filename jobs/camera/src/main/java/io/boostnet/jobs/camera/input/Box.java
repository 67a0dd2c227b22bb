package io.boostnet.jobs.camera.input;

import java.io.Serializable;
import java.util.List;
import org.apache.flink.annotation.PublicEvolving;

/**
 * A part of a picture, in pixels of the picture as a player shows it: turned upright, with square
 * pixels.
 *
 * @param left columns to the left of it, at least 0
 * @param top rows above it, at least 0
 * @param width its columns, at least 1
 * @param height its rows, at least 1
 */
@PublicEvolving
public record Box(int left, int top, int width, int height) implements Serializable {

  private static final long serialVersionUID = 1;

  public Box {
    if (left < 0 || top < 0 || width < 1 || height < 1) {
      throw new IllegalArgumentException(
          "a box is %d x %d pixels at (%d, %d); it begins at 0 or later and has 1 pixel or more"
              .formatted(width, height, left, top));
    }
  }

  /** The smallest box around points of x and y; the last column and row belong to it. */
  public static Box around(List<int[]> points) {
    int left = points.stream().mapToInt(point -> point[0]).min().orElseThrow();
    int top = points.stream().mapToInt(point -> point[1]).min().orElseThrow();
    int right = points.stream().mapToInt(point -> point[0]).max().orElseThrow();
    int bottom = points.stream().mapToInt(point -> point[1]).max().orElseThrow();
    return new Box(left, top, right - left + 1, bottom - top + 1);
  }

  /**
   * What of it lies in a picture.
   *
   * @throws MediaException where nothing does
   */
  public Box within(int pictureWidth, int pictureHeight) throws MediaException {
    if (left >= pictureWidth || top >= pictureHeight) {
      throw new MediaException(
          "a zone of %d x %d pixels at (%d, %d) lies outside the picture of %d x %d"
              .formatted(width, height, left, top, pictureWidth, pictureHeight));
    }
    return new Box(
        left, top, Math.min(width, pictureWidth - left), Math.min(height, pictureHeight - top));
  }
}
