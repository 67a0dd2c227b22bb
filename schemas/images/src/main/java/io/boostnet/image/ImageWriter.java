package io.boostnet.image;

import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;
import static org.bytedeco.opencv.global.opencv_imgcodecs.imencode;

import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.opencv.opencv_core.Mat;

/** Encodes pixels. Stateless; all native memory is freed before a call returns. */
public final class ImageWriter {

  private ImageWriter() {}

  /**
   * Encodes RGB planes as a PNG file, without loss.
   *
   * @param planes all red bytes, then green, then blue, row by row, from {@code offset} on
   * @param height rows, in pixels
   * @param width columns, in pixels
   */
  public static byte[] png(byte[] planes, int offset, int height, int width) {
    OpenCv.load();
    try (BytePointer bytes = new BytePointer(interleave(planes, offset, height * width));
        Mat image = new Mat(height, width, CV_8UC3, bytes);
        BytePointer png = new BytePointer()) {
      if (!imencode(".png", image, png)) {
        throw new IllegalStateException(
            "OpenCV could not encode a PNG of " + height + " x " + width);
      }
      byte[] file = new byte[Math.toIntExact(png.limit())];
      png.get(file);
      return file;
    }
  }

  /** OpenCV keeps blue, green, red side by side for every pixel. */
  static byte[] interleave(byte[] planes, int offset, int pixels) {
    byte[] bgr = new byte[3 * pixels];
    for (int p = 0; p < pixels; p++) {
      bgr[3 * p + 2] = planes[offset + p];
      bgr[3 * p + 1] = planes[offset + pixels + p];
      bgr[3 * p] = planes[offset + 2 * pixels + p];
    }
    return bgr;
  }
}
