package io.boostnet.jobs.camera.input;

import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.opencv_core.Mat;

/**
 * How a decoded picture is turned to stand upright: first transposed, then mirrored. One of eight,
 * as a display matrix or an EXIF tag gives it. ffmpeg's program applies it, its libraries do not.
 *
 * @param transposed rows become columns
 * @param mirrored left and right are exchanged, after that
 * @param flipped top and bottom are exchanged, after that
 */
record Orientation(boolean transposed, boolean mirrored, boolean flipped) {

  static final Orientation UPRIGHT = new Orientation(false, false, false);

  /**
   * Of a display matrix, which takes a point (x, y) to (a x + c y, b x + d y).
   *
   * @param a whatever its scale, as the others
   */
  static Orientation of(int a, int b, int c, int d) {
    boolean turned = Math.abs((long) b) > Math.abs((long) a);
    return turned ? new Orientation(true, c < 0, b < 0) : new Orientation(false, a < 0, d < 0);
  }

  /** The picture upright: the same where it is, else written to the other matrix. */
  Mat apply(Mat picture, Mat upright) {
    if (equals(UPRIGHT)) {
      return picture;
    }
    if (transposed) {
      opencv_core.transpose(picture, upright);
    } else {
      picture.copyTo(upright);
    }
    if (mirrored || flipped) {
      opencv_core.flip(upright, upright, mirrored ? (flipped ? -1 : 1) : 0);
    }
    return upright;
  }
}
