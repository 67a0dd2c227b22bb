package io.boostnet.jobs.dashboard;

import io.boostnet.schema.ImageFrame;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.Optional;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/** Small pictures of frames, as PNG. */
final class Thumbnail {

  /** Longest side of a picture, in pixels. */
  static final int SIDE = 96;

  private static final String RAW = "image/x-rgb-planes";

  private Thumbnail() {}

  /**
   * The picture of a frame: every n-th pixel of every n-th row, so that a large image takes no more
   * memory than a small one.
   *
   * @return nothing where the image cannot be read
   */
  static Optional<byte[]> of(ImageFrame frame) {
    try {
      BufferedImage image = RAW.equals(frame.getContentType()) ? planes(frame) : encoded(frame);
      ByteArrayOutputStream png = new ByteArrayOutputStream();
      boolean written = image != null && ImageIO.write(image, "png", png);
      return written ? Optional.of(png.toByteArray()) : Optional.empty();
    } catch (IOException | RuntimeException e) { // readers throw anything for damaged images
      return Optional.empty();
    }
  }

  private static int step(int width, int height) {
    return Math.max(1, (Math.max(width, height) + SIDE - 1) / SIDE);
  }

  private static BufferedImage encoded(ImageFrame frame) throws IOException {
    ByteBuffer bytes = frame.getImage().duplicate();
    byte[] image = new byte[bytes.remaining()];
    bytes.get(image);
    try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(image))) {
      Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
      if (!readers.hasNext()) {
        return null;
      }
      ImageReader reader = readers.next();
      try {
        reader.setInput(in, true, true);
        int step = step(reader.getWidth(0), reader.getHeight(0));
        ImageReadParam sampled = reader.getDefaultReadParam();
        sampled.setSourceSubsampling(step, step, 0, 0);
        return reader.read(0, sampled);
      } finally {
        reader.dispose();
      }
    }
  }

  private static BufferedImage planes(ImageFrame frame) {
    int width = frame.getWidth();
    int height = frame.getHeight();
    int plane = Math.multiplyExact(width, height);
    int step = step(width, height);
    ByteBuffer bytes = frame.getImage();
    int start = bytes.position();
    BufferedImage image =
        new BufferedImage(
            (width + step - 1) / step, (height + step - 1) / step, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        int red = start + y * step * width + x * step;
        image.setRGB(
            x,
            y,
            (bytes.get(red) & 0xFF) << 16
                | (bytes.get(red + plane) & 0xFF) << 8
                | bytes.get(red + 2 * plane) & 0xFF);
      }
    }
    return image;
  }
}
