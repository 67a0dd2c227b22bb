package io.boostnet.image;

import static org.bytedeco.opencv.global.opencv_core.CV_8UC1;
import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_COLOR;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_REDUCED_COLOR_2;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_REDUCED_COLOR_4;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_REDUCED_COLOR_8;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_AREA;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_LINEAR;

import io.boostnet.image.BadImageException.Kind;
import io.boostnet.image.Resize.Scaled;
import io.boostnet.schema.Interpolation;
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
 * From an encoded image (JPEG or PNG of any colour kind) or raw planes to pixels of the size asked
 * for. Grey becomes colour, transparency is dropped, 16 bits become 8, EXIF orientation is applied.
 *
 * <p>A JPEG image that is to become much smaller is decoded at a half, a quarter or an eighth of
 * its size, as far as {@value #KEPT} times the size asked for is left, and of one that is very
 * large {@value #KEPT_OF_MANY} times.
 *
 * <p>Not thread-safe; {@link #close} frees the native memory.
 */
public final class ImageReader implements AutoCloseable {

  /**
   * A smaller decoding keeps so many pixels for each that is asked for, along either side: the
   * antialiased filters then give the levels of the whole image, or the next.
   */
  static final int KEPT = 4;

  /** As {@link #KEPT}, where more than {@link #MANY_PIXELS} would still be decoded. */
  static final int KEPT_OF_MANY = 2;

  private static final long MANY_PIXELS = 1_000_000;

  private static final int CHANNELS = 3;

  // Before the fields below touch it.
  {
    OpenCv.load();
  }

  private final Resize resize;
  private final ImageLimits limits;
  private final int mostReduction;

  // Native memory and arrays are taken once: what a small image costs is mostly allocation.
  private final Mat colour = new Mat();
  private final Mat scaled = new Mat();
  private final Mat sized;
  private final ByteBuffer sizedBytes;
  private final Size size = new Size();
  private final byte[] pixels;
  private BytePointer encoded;
  private Mat encodedRow;

  /**
   * A reader.
   *
   * @param resize the size of the pixels and how it is come by
   * @param limits what is refused unread
   * @throws IllegalStateException where OpenCV cannot be loaded
   */
  public ImageReader(Resize resize, ImageLimits limits) {
    this(resize, limits, Integer.MAX_VALUE);
  }

  private ImageReader(Resize resize, ImageLimits limits, int mostReduction) {
    this.resize = resize;
    this.limits = limits;
    this.mostReduction = mostReduction;
    this.sized = new Mat(resize.height(), resize.width(), CV_8UC3);
    this.sizedBytes = sized.createBuffer();
    this.pixels = new byte[resize.planesSize()];
    takeEncoded(1 << 16);
  }

  /** A reader that decodes every image whole, to compare with. */
  public static ImageReader ofWholeImages(Resize resize, ImageLimits limits) {
    return new ImageReader(resize, limits, 1);
  }

  /**
   * Reads an encoded image.
   *
   * @return the image as it was checked
   * @throws BadImageException where it is not read
   */
  public CheckedImage read(byte[] image) throws BadImageException {
    CheckedImage checked = CheckedImage.of(image, limits);
    try {
      decode(checked);
      resize();
    } catch (RuntimeException e) {
      throw undecodable(e);
    }
    return checked;
  }

  /**
   * Reads raw pixels.
   *
   * @param planes all red bytes, then green, then blue, row by row, and nothing else
   * @throws BadImageException where they are not of that size
   */
  public void readPlanes(byte[] planes, int width, int height) throws BadImageException {
    if (width < 1 || height < 1) {
      throw new BadImageException(
          Kind.CORRUPT,
          "the raw planes have %d x %d pixels; both sides must be at least 1"
              .formatted(width, height));
    }
    limits.check(width, height);
    long plane = (long) width * height;
    if (planes.length != plane * CHANNELS) {
      throw new BadImageException(
          Kind.CORRUPT,
          "the raw planes of %d x %d pixels need %d bytes and have %d"
              .formatted(width, height, plane * CHANNELS, planes.length));
    }
    try (BytePointer bytes = new BytePointer(planes);
        Mat red = new Mat(height, width, CV_8UC1, bytes);
        Mat green = new Mat(height, width, CV_8UC1, bytes.getPointer(plane));
        Mat blue = new Mat(height, width, CV_8UC1, bytes.getPointer(2 * plane));
        MatVector channels = new MatVector(blue, green, red)) {
      opencv_core.merge(channels, colour);
      resize();
    } catch (RuntimeException e) {
      throw undecodable(e);
    }
  }

  /**
   * The pixels that were read last: height x width x 3 bytes, row by row; blue, green, red. The
   * next image overwrites them.
   */
  public byte[] pixels() {
    return pixels;
  }

  /**
   * Copies the pixels that were read last as planes: all red bytes, then green, then blue, row by
   * row, {@link Resize#planesSize()} bytes.
   *
   * @param target receives the bytes from {@code offset} on
   */
  public void copyPlanes(byte[] target, int offset) {
    int plane = pixels.length / CHANNELS;
    for (int p = 0; p < plane; p++) {
      target[offset + p] = pixels[CHANNELS * p + 2];
      target[offset + plane + p] = pixels[CHANNELS * p + 1];
      target[offset + 2 * plane + p] = pixels[CHANNELS * p];
    }
  }

  /** OpenCV reports what it cannot read as a native exception. */
  private static BadImageException undecodable(RuntimeException e) {
    return new BadImageException(Kind.CORRUPT, "the image cannot be decoded: " + e.getMessage());
  }

  private void decode(CheckedImage image) throws BadImageException {
    byte[] bytes = image.bytes();
    if (encoded.capacity() < bytes.length) {
      closeEncoded();
      takeEncoded(bytes.length);
    }
    encoded.put(bytes, 0, bytes.length);
    encodedRow.cols(bytes.length);
    opencv_imgcodecs.imdecode(encodedRow, flag(reduction(image)), colour);
    if (colour.empty()) {
      throw new BadImageException(
          Kind.CORRUPT, "the %s image cannot be decoded".formatted(image.format().label()));
    }
  }

  /**
   * How many times smaller an image is decoded along either side. Only where that divides both
   * sides: else the last column would stand for fewer pixels than the others.
   */
  private int reduction(CheckedImage image) {
    int reduction = 1;
    int shorter = Math.min(image.width(), image.height());
    while (image.format() == ImageFormat.JPEG
        && reduction < Math.min(8, mostReduction)
        && (image.width() | image.height()) % (2 * reduction) == 0
        && shorter / (2 * reduction) >= resize.leastSide(kept(image, reduction))) {
      reduction *= 2;
    }
    return reduction;
  }

  private static int kept(CheckedImage image, int reduction) {
    long decoded = (long) image.width() * image.height() / (reduction * reduction);
    return decoded > MANY_PIXELS ? KEPT_OF_MANY : KEPT;
  }

  private static int flag(int reduction) {
    return switch (reduction) {
      case 2 -> IMREAD_REDUCED_COLOR_2;
      case 4 -> IMREAD_REDUCED_COLOR_4;
      case 8 -> IMREAD_REDUCED_COLOR_8;
      default -> IMREAD_COLOR;
    };
  }

  private void takeEncoded(int capacity) {
    encoded = new BytePointer((long) capacity);
    encodedRow = new Mat(1, capacity, CV_8UC1, encoded);
  }

  private void closeEncoded() {
    encodedRow.close();
    encoded.close();
  }

  /** From {@link #colour} to {@link #pixels}. */
  private void resize() throws BadImageException {
    int width = colour.cols();
    int height = colour.rows();
    Scaled to = resize.of(width, height);
    if ((long) to.width() * to.height() > limits.pixels()) {
      throw new BadImageException(
          Kind.CORRUPT,
          "the image cannot be resized: its sides are so unequal that it would be scaled to %d x %d pixels"
              .formatted(to.width(), to.height()));
    }
    boolean same = to.width() == width && to.height() == height;
    if (same && width == resize.width() && height == resize.height() && colour.isContinuous()) {
      try (BytePointer data = colour.data()) {
        data.get(pixels, 0, pixels.length);
      }
    } else if (same || resize.interpolation() == Interpolation.AREA) {
      resizeByArea(to, same);
      sizedBytes.get(0, pixels);
    } else {
      ByteBuffer source = colour.createBuffer();
      new Resampling(width, height, to, resize)
          .apply((row, line) -> source.get(row * line.length, line), pixels);
    }
  }

  private void resizeByArea(Scaled to, boolean same) {
    boolean whole = to.width() == resize.width() && to.height() == resize.height();
    if (!same) {
      boolean shrinks = to.width() <= colour.cols() && to.height() <= colour.rows();
      opencv_imgproc.resize(
          colour,
          whole ? sized : scaled,
          size.width(to.width()).height(to.height()),
          0,
          0,
          shrinks ? INTER_AREA : INTER_LINEAR);
      if (whole) {
        return;
      }
    }
    try (Rect part = new Rect(to.left(), to.top(), resize.width(), resize.height());
        Mat view = (same ? colour : scaled).apply(part)) {
      view.copyTo(sized);
    }
  }

  @Override
  public void close() {
    colour.close();
    scaled.close();
    sized.close();
    size.close();
    closeEncoded();
  }
}
