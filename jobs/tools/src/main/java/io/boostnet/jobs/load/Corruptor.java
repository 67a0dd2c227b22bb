package io.boostnet.jobs.load;

import static org.bytedeco.opencv.global.opencv_core.CV_8UC1;
import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_COLOR;

import io.boostnet.flink.codec.ImageDecoder;
import io.boostnet.image.ImageFormat;
import io.boostnet.image.OpenCv;
import io.boostnet.schema.ImageFrame;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Size;

/**
 * Corrupts the images of frames, which keep their size and format: PNG stays PNG, JPEG stays JPEG
 * (written at quality 95), raw planes stay planes. What cannot be decoded stays as it is.
 *
 * <p>The same seed and frame (source and sequence) give the same image. Not thread-safe; {@link
 * #close} frees the native memory.
 */
public final class Corruptor implements AutoCloseable {

  private static final int CHANNELS = 3;
  private static final byte MIDDLE_GREY = (byte) 128;

  /** Side in pixels that blur's parameters are for. */
  private static final double USUAL_SIDE = 32;

  /** Larger images get clouds that repeat. */
  private static final int LARGEST_CLOUDS = 1024;

  // Before the fields below touch it.
  {
    OpenCv.load();
  }

  private final Corruption corruption;
  private final long seed;
  private final Mat image = new Mat();
  private final Size automatic = new Size();
  private byte[] pixels = new byte[0];

  /** A corruptor. */
  public Corruptor(Corruption corruption, long seed) {
    this.corruption = corruption;
    this.seed = seed;
  }

  /** Puts the corrupted image in the place of a frame's own. */
  public void corrupt(ImageFrame frame) {
    SplittableRandom random = FrameSeed.random(seed, frame);
    byte[] bytes = new byte[frame.getImage().remaining()];
    frame.getImage().duplicate().get(bytes);
    byte[] corrupted =
        frame.getContentType().equals(ImageDecoder.RAW)
            ? planes(bytes, frame.getHeight(), frame.getWidth(), random)
            : switch (ImageFormat.of(bytes)) {
              case PNG -> encoded(bytes, ".png", random);
              case JPEG -> encoded(bytes, ".jpg", random);
              default -> bytes;
            };
    frame.setImage(ByteBuffer.wrap(corrupted));
  }

  private byte[] encoded(byte[] file, String format, SplittableRandom random) {
    try (BytePointer bytes = new BytePointer(file);
        Mat encoded = new Mat(1, file.length, CV_8UC1, bytes)) {
      opencv_imgcodecs.imdecode(encoded, IMREAD_COLOR, image);
    } catch (RuntimeException e) {
      // OpenCV reports what it cannot read as a native exception.
      return file;
    }
    if (image.empty()) {
      return file;
    }
    apply(random);
    try (BytePointer result = new BytePointer()) {
      if (!opencv_imgcodecs.imencode(format, image, result)) {
        throw new IllegalStateException("OpenCV could not encode an image as " + format);
      }
      byte[] written = new byte[Math.toIntExact(result.limit())];
      result.get(written);
      return written;
    }
  }

  private byte[] planes(byte[] planes, int height, int width, SplittableRandom random) {
    int plane = height * width;
    if (plane < 1 || planes.length != CHANNELS * plane) {
      return planes;
    }
    image.create(height, width, CV_8UC3);
    resizePixels(planes.length);
    for (int i = 0; i < planes.length; i++) {
      pixels[i % plane * CHANNELS + i / plane] = planes[i];
    }
    image.data().put(pixels, 0, planes.length);
    apply(random);
    image.data().get(pixels, 0, planes.length);
    byte[] result = new byte[planes.length];
    for (int i = 0; i < result.length; i++) {
      result[i] = pixels[i % plane * CHANNELS + i / plane];
    }
    return result;
  }

  /** On {@link #image}, whatever the order of its channels. */
  private void apply(SplittableRandom random) {
    if (corruption.kind() == Corruption.Kind.BLUR) {
      double sigma = corruption.amount() * Math.min(image.rows(), image.cols()) / USUAL_SIDE;
      opencv_imgproc.GaussianBlur(image, image, automatic, sigma);
      return;
    }
    int length = Math.toIntExact(image.total() * CHANNELS);
    resizePixels(length);
    image.data().get(pixels, 0, length);
    switch (corruption.kind()) {
      case NOISE -> noise(length, random);
      case CONTRAST -> contrast(length);
      case FOG -> fog(image.rows(), image.cols(), random);
      case OCCLUSION -> occlude(image.rows(), image.cols(), random);
      default -> throw new IllegalStateException("unknown: " + corruption);
    }
    image.data().put(pixels, 0, length);
  }

  private void noise(int length, SplittableRandom random) {
    double deviation = 255 * corruption.amount();
    for (int i = 0; i < length; i++) {
      set(i, value(i) + deviation * random.nextGaussian());
    }
  }

  private void contrast(int length) {
    double[] mean = new double[CHANNELS];
    for (int i = 0; i < length; i++) {
      mean[i % CHANNELS] += value(i) * (double) CHANNELS / length;
    }
    for (int i = 0; i < length; i++) {
      double middle = mean[i % CHANNELS];
      set(i, middle + corruption.amount() * (value(i) - middle));
    }
  }

  /** Fog lightens, and what is brightest stays as bright as it was. */
  private void fog(int height, int width, SplittableRandom random) {
    int side = Math.min(LARGEST_CLOUDS, Math.max(height, width));
    Plasma clouds = new Plasma(Integer.highestOneBit(2 * side - 1), corruption.decay(), random);
    double brightest = 1;
    for (int i = 0; i < CHANNELS * height * width; i++) {
      brightest = Math.max(brightest, value(i));
    }
    double fog = 255 * corruption.amount();
    double scale = brightest / (brightest + fog);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        double density = fog * clouds.at(y, x);
        int pixel = CHANNELS * (y * width + x);
        for (int i = pixel; i < pixel + CHANNELS; i++) {
          set(i, scale * (value(i) + density));
        }
      }
    }
  }

  private void occlude(int height, int width, SplittableRandom random) {
    int side = Math.max(1, (int) Math.round(corruption.amount() * Math.min(height, width)));
    int top = random.nextInt(height - side + 1);
    int left = random.nextInt(width - side + 1);
    for (int y = top; y < top + side; y++) {
      int from = CHANNELS * (y * width + left);
      Arrays.fill(pixels, from, from + CHANNELS * side, MIDDLE_GREY);
    }
  }

  private int value(int index) {
    return pixels[index] & 0xff;
  }

  private void set(int index, double value) {
    pixels[index] = (byte) Math.max(0, Math.min(255, Math.round(value)));
  }

  private void resizePixels(int length) {
    if (pixels.length < length) {
      pixels = new byte[length];
    }
  }

  @Override
  public void close() {
    image.close();
    automatic.close();
  }
}
