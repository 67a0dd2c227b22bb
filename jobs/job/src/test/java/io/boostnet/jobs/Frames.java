package io.boostnet.jobs;

import io.boostnet.schema.ImageFrame;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.specific.SpecificDatumWriter;

/** Frames for tests. */
public final class Frames {

  private Frames() {}

  /** A frame that shows a gradient which depends on the sequence, as a PNG. */
  public static ImageFrame frame(String sourceId, long sequence) {
    BufferedImage image = new BufferedImage(32, 32, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < 32; y++) {
      for (int x = 0; x < 32; x++) {
        image.setRGB(x, y, (int) (x * 8L << 16 | y * 8L << 8 | sequence * 37 % 256));
      }
    }
    return frame(sourceId, sequence, "image/png", encoded(image, "png"));
  }

  /** A frame of its own random pixels around a random colour, the same in every run, as a PNG. */
  public static ImageFrame noise(String sourceId, long sequence) {
    Random random = new Random(31 * sourceId.hashCode() + sequence);
    int[] colour = {random.nextInt(256), random.nextInt(256), random.nextInt(256)};
    int spread = 1 + random.nextInt(128);
    BufferedImage image = new BufferedImage(32, 32, BufferedImage.TYPE_INT_RGB);
    for (int pixel = 0; pixel < 32 * 32; pixel++) {
      int rgb = 0;
      for (int value : colour) {
        int noisy = value + random.nextInt(2 * spread) - spread;
        rgb = rgb << 8 | Math.max(0, Math.min(255, noisy));
      }
      image.setRGB(pixel % 32, pixel / 32, rgb);
    }
    return frame(sourceId, sequence, "image/png", encoded(image, "png"));
  }

  /** A frame with the given bytes as its image. */
  public static ImageFrame frame(String sourceId, long sequence, String contentType, byte[] image) {
    return ImageFrame.newBuilder()
        .setSourceId(sourceId)
        .setSequence(sequence)
        .setTimestampMs(0)
        .setContentType(contentType)
        .setImage(ByteBuffer.wrap(image))
        .build();
  }

  /** An image in a format of ImageIO. */
  public static byte[] encoded(BufferedImage image, String format) {
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      if (!ImageIO.write(image, format, bytes)) {
        throw new IllegalArgumentException("no writer for " + format);
      }
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes a frame file. */
  public static Path write(Path file, List<ImageFrame> frames) {
    try (DataFileWriter<ImageFrame> writer =
        new DataFileWriter<>(new SpecificDatumWriter<>(ImageFrame.class))) {
      writer.create(ImageFrame.getClassSchema(), file.toFile());
      for (ImageFrame frame : frames) {
        writer.append(frame);
      }
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
