package io.boostnet.flink.codec;

import static org.bytedeco.opencv.global.opencv_core.CV_8UC1;
import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_COLOR;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_AREA;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_LINEAR;

import io.boostnet.flink.model.Preprocessing;
import io.boostnet.flink.model.Preprocessing.ChannelOrder;
import io.boostnet.flink.model.Preprocessing.Resize;
import io.boostnet.flink.model.Rejection.Reason;
import java.nio.ByteBuffer;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.MatVector;
import org.bytedeco.opencv.opencv_core.Rect;
import org.bytedeco.opencv.opencv_core.Size;

/**
 * From an encoded image (JPEG, PNG, of any colour kind) or raw planes to the input tensor of stage
 * 1. Grey becomes colour, transparency is dropped, 16 bits become 8, EXIF orientation is applied.
 * Another size is resized as {@link Preprocessing} says, with area averaging where both sides
 * shrink and bilinearly otherwise.
 *
 * <p>Not thread-safe; {@link #close} frees the native memory.
 */
public final class ImageDecoder implements AutoCloseable {

  /** Content type of raw planes: all red bytes, then green, then blue. */
  public static final String RAW = "image/x-rgb-planes";

  private static final String JPEG = "image/jpeg";
  private static final String PNG = "image/png";

  /** A content type longer than this is not repeated in a dead letter. */
  private static final int MOST_TYPE_CHARS = 100;

  private final Preprocessing preprocessing;
  private final int maxBytes;
  private final long maxPixels;

  /** Value of every pixel in every channel of an image as OpenCV keeps it: blue, green, red. */
  private final float[][] values = new float[Preprocessing.CHANNELS][256];

  // Native memory and arrays are taken once: what a small image costs is mostly allocation.
  private final Mat colour = new Mat();
  private final Mat scaled = new Mat();
  private final Mat sized;
  private final ByteBuffer sizedBytes;
  private final Size target;
  private final byte[] pixels;
  private final float[] planes;
  private BytePointer encoded = new BytePointer(1L << 16);

  /** What is wrong with an image. */
  static final class BadImageException extends Exception {
    private static final long serialVersionUID = 1;
    private final Reason reason;

    BadImageException(Reason reason, String detail) {
      super(detail, null, false, false);
      this.reason = reason;
    }

    Reason reason() {
      return reason;
    }
  }

  /**
   * A decoder.
   *
   * @param preprocessing what the input tensor is like
   * @param maxBytes largest encoded image in bytes
   * @param maxPixels largest width x height that an image may claim
   */
  public ImageDecoder(Preprocessing preprocessing, int maxBytes, long maxPixels) {
    // Decoding a frame is not worth waking threads for; the subtasks are the parallelism.
    opencv_core.setNumThreads(1);
    this.preprocessing = preprocessing;
    this.maxBytes = maxBytes;
    this.maxPixels = maxPixels;
    this.sized = new Mat(preprocessing.height(), preprocessing.width(), CV_8UC3);
    this.sizedBytes = sized.createBuffer();
    this.target = new Size(preprocessing.width(), preprocessing.height());
    this.pixels = new byte[preprocessing.height() * preprocessing.width() * Preprocessing.CHANNELS];
    this.planes = new float[pixels.length];
    for (int channel = 0; channel < Preprocessing.CHANNELS; channel++) {
      int tensorChannel = tensorChannel(channel);
      double mean = preprocessing.mean().get(tensorChannel);
      double std = preprocessing.std().get(tensorChannel);
      for (int pixel = 0; pixel < 256; pixel++) {
        values[channel][pixel] = (float) ((pixel * preprocessing.scale() - mean) / std);
      }
    }
  }

  private int tensorChannel(int bgrChannel) {
    return preprocessing.order() == ChannelOrder.BGR
        ? bgrChannel
        : Preprocessing.CHANNELS - 1 - bgrChannel;
  }

  /**
   * Decodes an image into the tensor.
   *
   * @param contentType as in the {@code ImageFrame} schema
   * @param image the encoded image, or the planes
   * @param width width of raw planes, in pixels
   * @param height height of raw planes, in pixels
   * @param tensor receives 3 x height x width floats in native order, from its position on
   */
  void decode(String contentType, byte[] image, int width, int height, ByteBuffer tensor)
      throws BadImageException {
    if (image.length > maxBytes) {
      throw new BadImageException(
          Reason.TOO_LARGE,
          "the image has %d bytes, allowed are %d".formatted(image.length, maxBytes));
    }
    try {
      switch (contentType) {
        case JPEG -> decodeEncoded(ImageHeader.Format.JPEG, contentType, image);
        case PNG -> decodeEncoded(ImageHeader.Format.PNG, contentType, image);
        case RAW -> decodePlanes(image, width, height);
        default ->
            throw new BadImageException(
                Reason.UNSUPPORTED_CONTENT,
                "the content type %s; %s, %s and %s are decoded"
                    .formatted(
                        contentType.length() > MOST_TYPE_CHARS
                            ? "has %d characters".formatted(contentType.length())
                            : "is '%s'".formatted(contentType),
                        JPEG,
                        PNG,
                        RAW));
      }
      resize();
    } catch (RuntimeException e) {
      // OpenCV reports what it cannot read as a native exception.
      throw new BadImageException(
          Reason.CORRUPT_IMAGE, "the image cannot be decoded: " + e.getMessage());
    }
    write(tensor);
  }

  private void decodeEncoded(ImageHeader.Format expected, String contentType, byte[] image)
      throws BadImageException {
    ImageHeader header = ImageHeader.of(image);
    if (header == null) {
      throw new BadImageException(
          Reason.CORRUPT_IMAGE,
          "the content type is '%s', but the bytes are no whole JPEG or PNG header"
              .formatted(contentType));
    }
    if (header.format() != expected) {
      throw new BadImageException(
          Reason.UNSUPPORTED_CONTENT,
          "the content type is '%s', but the bytes are a %s image"
              .formatted(contentType, header.format()));
    }
    checkPixels(header.width(), header.height());
    if (!isWhole(header.format(), image)) {
      throw new BadImageException(
          Reason.CORRUPT_IMAGE, "the %s image is cut off or damaged".formatted(header.format()));
    }
    if (encoded.capacity() < image.length) {
      encoded.close();
      encoded = new BytePointer((long) image.length);
    }
    encoded.put(image, 0, image.length);
    try (Mat bytes = new Mat(1, image.length, CV_8UC1, encoded)) {
      opencv_imgcodecs.imdecode(bytes, IMREAD_COLOR, colour);
    }
    if (colour.empty()) {
      throw new BadImageException(
          Reason.CORRUPT_IMAGE, "the bytes are not a whole %s image".formatted(header.format()));
    }
  }

  private void decodePlanes(byte[] image, int width, int height) throws BadImageException {
    if (width < 1 || height < 1) {
      throw new BadImageException(
          Reason.CORRUPT_IMAGE,
          "raw planes of %d x %d pixels; both sides must be at least 1".formatted(width, height));
    }
    checkPixels(width, height);
    long plane = (long) width * height;
    if (image.length != plane * Preprocessing.CHANNELS) {
      throw new BadImageException(
          Reason.CORRUPT_IMAGE,
          "raw planes of %d x %d pixels need %d bytes and have %d"
              .formatted(width, height, plane * Preprocessing.CHANNELS, image.length));
    }
    try (BytePointer bytes = new BytePointer(image);
        Mat red = new Mat(height, width, CV_8UC1, bytes);
        Mat green = new Mat(height, width, CV_8UC1, bytes.getPointer(plane));
        Mat blue = new Mat(height, width, CV_8UC1, bytes.getPointer(2 * plane));
        MatVector planes = new MatVector(blue, green, red)) {
      opencv_core.merge(planes, colour);
    }
  }

  private void checkPixels(long width, long height) throws BadImageException {
    if (width < 1 || height < 1 || width * height > maxPixels) {
      throw new BadImageException(
          width < 1 || height < 1 ? Reason.CORRUPT_IMAGE : Reason.TOO_LARGE,
          "the image claims %d x %d pixels, allowed are 1 to %d in all"
              .formatted(width, height, maxPixels));
    }
  }

  private static boolean isWhole(ImageHeader.Format format, byte[] image) {
    return switch (format) {
      case JPEG -> ImageIntegrity.isWholeJpeg(image);
      case PNG -> ImageIntegrity.isWholePng(image);
    };
  }

  /** From {@link #colour} to {@link #sized}, whose memory stays the same. */
  private void resize() {
    if (preprocessing.resize() == Resize.STRETCH) {
      resizeTo(sized, target);
      return;
    }
    double factor = (double) preprocessing.shortSide() / Math.min(colour.rows(), colour.cols());
    int width = Math.max(preprocessing.width(), (int) Math.round(colour.cols() * factor));
    int height = Math.max(preprocessing.height(), (int) Math.round(colour.rows() * factor));
    checkScaled(width, height);
    try (Size size = new Size(width, height);
        Rect centre =
            new Rect(
                (width - preprocessing.width()) / 2,
                (height - preprocessing.height()) / 2,
                preprocessing.width(),
                preprocessing.height())) {
      resizeTo(scaled, size);
      try (Mat crop = scaled.apply(centre)) {
        crop.copyTo(sized);
      }
    }
  }

  private void checkScaled(long width, long height) {
    if (width * height > maxPixels) {
      throw new IllegalArgumentException(
          "its sides are so unequal that it would be scaled to %d x %d pixels"
              .formatted(width, height));
    }
  }

  private void resizeTo(Mat result, Size size) {
    if (colour.rows() == size.height() && colour.cols() == size.width()) {
      colour.copyTo(result);
      return;
    }
    boolean shrinks = size.width() <= colour.cols() && size.height() <= colour.rows();
    opencv_imgproc.resize(colour, result, size, 0, 0, shrinks ? INTER_AREA : INTER_LINEAR);
  }

  private void write(ByteBuffer tensor) {
    sizedBytes.get(0, pixels);
    int plane = preprocessing.height() * preprocessing.width();
    for (int channel = 0; channel < Preprocessing.CHANNELS; channel++) {
      float[] value = values[channel];
      int to = tensorChannel(channel) * plane;
      for (int i = 0, from = channel; i < plane; i++, from += Preprocessing.CHANNELS) {
        planes[to + i] = value[pixels[from] & 0xff];
      }
    }
    tensor.asFloatBuffer().put(planes);
  }

  @Override
  public void close() {
    colour.close();
    scaled.close();
    sized.close();
    target.close();
    encoded.close();
  }
}
