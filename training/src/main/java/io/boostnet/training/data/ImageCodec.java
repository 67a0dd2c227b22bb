package io.boostnet.training.data;

import static org.bytedeco.opencv.global.opencv_core.CV_8UC1;
import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_COLOR;
import static org.bytedeco.opencv.global.opencv_imgcodecs.imdecode;
import static org.bytedeco.opencv.global.opencv_imgcodecs.imencode;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_AREA;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_LINEAR;
import static org.bytedeco.opencv.global.opencv_imgproc.resize;

import io.boostnet.schema.ResizeRule;
import io.boostnet.training.input.BadInputException;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Rect;
import org.bytedeco.opencv.opencv_core.Size;

/**
 * Decodes, resizes and encodes images with OpenCV. Stateless; all native memory is freed before a
 * call returns.
 */
final class ImageCodec {

  static {
    // Small images: threads inside one would cost more than they bring.
    opencv_core.setNumThreads(1);
  }

  private ImageCodec() {}

  /** Decodes an image file and writes its RGB planes at the size asked for. */
  static void decodePlanes(byte[] file, String what, Resize target, byte[] planes, int offset) {
    try (BytePointer bytes = new BytePointer(file);
        Mat encoded = new Mat(1, file.length, CV_8UC1, bytes);
        Mat image = imdecode(encoded, IMREAD_COLOR)) {
      if (image.empty()) {
        throw BadInputException.of("%s is not a whole JPEG or PNG image.", what);
      }
      writePlanes(image, target, planes, offset);
    }
  }

  /** Brings RGB planes of {@code height} x {@code width} to another size. */
  static void resizePlanes(
      byte[] source,
      int sourceOffset,
      int height,
      int width,
      Resize target,
      byte[] planes,
      int offset) {
    try (BytePointer bytes = new BytePointer(interleave(source, sourceOffset, height * width));
        Mat image = new Mat(height, width, CV_8UC3, bytes)) {
      writePlanes(image, target, planes, offset);
    }
  }

  /** Encodes RGB planes as a PNG file, without loss. */
  static byte[] encodePng(byte[] planes, int offset, int height, int width) {
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

  private static void writePlanes(Mat image, Resize target, byte[] planes, int offset) {
    int height = target.height();
    int width = target.width();
    if (target.rule() == ResizeRule.SHORT_SIDE_CROP) {
      double scale = (double) target.shortSide() / Math.min(image.rows(), image.cols());
      height = Math.max(target.height(), (int) Math.round(image.rows() * scale));
      width = Math.max(target.width(), (int) Math.round(image.cols() * scale));
    }
    if (image.rows() == height && image.cols() == width) {
      writeCentre(image, target, planes, offset);
      return;
    }
    boolean shrinks = height <= image.rows() && width <= image.cols();
    try (Mat resized = new Mat();
        Size size = new Size(width, height)) {
      resize(image, resized, size, 0, 0, shrinks ? INTER_AREA : INTER_LINEAR);
      writeCentre(resized, target, planes, offset);
    }
  }

  private static void writeCentre(Mat image, Resize target, byte[] planes, int offset) {
    int top = (image.rows() - target.height()) / 2;
    int left = (image.cols() - target.width()) / 2;
    try (Rect centre = new Rect(left, top, target.width(), target.height());
        Mat view = new Mat(image, centre);
        Mat cropped = view.clone()) {
      deinterleave(cropped, planes, offset);
    }
  }

  /** OpenCV keeps blue, green, red side by side for every pixel. */
  private static void deinterleave(Mat image, byte[] planes, int offset) {
    int pixels = image.rows() * image.cols();
    byte[] bgr = new byte[3 * pixels];
    image.data().get(bgr);
    for (int p = 0; p < pixels; p++) {
      planes[offset + p] = bgr[3 * p + 2];
      planes[offset + pixels + p] = bgr[3 * p + 1];
      planes[offset + 2 * pixels + p] = bgr[3 * p];
    }
  }

  private static byte[] interleave(byte[] planes, int offset, int pixels) {
    byte[] bgr = new byte[3 * pixels];
    for (int p = 0; p < pixels; p++) {
      bgr[3 * p + 2] = planes[offset + p];
      bgr[3 * p + 1] = planes[offset + pixels + p];
      bgr[3 * p] = planes[offset + 2 * pixels + p];
    }
    return bgr;
  }
}
