package io.boostnet.jobs.files;

import io.boostnet.jobs.config.ConfigException;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.internal.chartpart.Chart;

/** Plots as PNG. Directories above the file are created. */
public final class PngFile {

  private PngFile() {}

  /**
   * Writes charts, one below the other.
   *
   * @param charts at least one
   * @throws ConfigException where the file cannot be written
   */
  public static <T extends Chart<?, ?>> void write(Path file, List<T> charts) {
    try {
      ByteArrayOutputStream png = new ByteArrayOutputStream();
      BitmapEncoder.saveBitmap(charts, charts.size(), 1, png, BitmapEncoder.BitmapFormat.PNG);
      write(file, png.toByteArray());
    } catch (IOException e) {
      throw unwritable(file, e);
    }
  }

  /**
   * Writes an image.
   *
   * @throws ConfigException where the file cannot be written
   */
  public static void write(Path file, BufferedImage image) {
    try {
      ByteArrayOutputStream png = new ByteArrayOutputStream();
      ImageIO.write(image, "png", png);
      write(file, png.toByteArray());
    } catch (IOException e) {
      throw unwritable(file, e);
    }
  }

  private static void write(Path file, byte[] png) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    Files.write(file, png);
  }

  private static ConfigException unwritable(Path file, IOException e) {
    return new ConfigException("The plot " + file + " cannot be written (" + e + ").", e);
  }
}
