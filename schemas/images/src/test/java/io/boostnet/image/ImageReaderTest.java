package io.boostnet.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.boostnet.image.contract.ImageContract;
import io.boostnet.schema.Interpolation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ImageReaderTest extends ImageContract {

  private static final Resize SMALL = Resize.stretch(32, 32);

  @TempDir private Path temp;

  @Override
  protected Verdict read(byte[] image) {
    try (ImageReader reader = new ImageReader(SMALL, ImageLimits.DEFAULT)) {
      return Verdict.read(reader.read(image).flaw().isPresent());
    } catch (BadImageException e) {
      return Verdict.refused(e.getMessage());
    }
  }

  @Test
  void imageWithAFlaw_hasThePixelsOfItsReference() throws BadImageException {
    assertThat(pixels("13-junk-between-segments.jpg")).isEqualTo(pixels("00-ref-noentry.jpg"));
    assertThat(pixels("21-bad-crc-text.png")).isEqualTo(pixels("00-ref-noentry.png"));
  }

  private static byte[] pixels(String picture) throws BadImageException {
    try (ImageReader reader = new ImageReader(SMALL, ImageLimits.DEFAULT)) {
      reader.read(picture(picture));
      return reader.pixels();
    }
  }

  /** A JPEG of 96 x 96 into 12 x 12 is decoded at a half. */
  @ParameterizedTest
  @EnumSource(Interpolation.class)
  void jpegDecodedSmaller_isNearTheOneDecodedWhole(Interpolation interpolation)
      throws BadImageException {
    Resize resize = Resize.stretch(12, 12).with(interpolation);
    byte[] image = picture("00-ref-arrow.jpg");
    try (ImageReader smaller = new ImageReader(resize, ImageLimits.DEFAULT);
        ImageReader whole = ImageReader.ofWholeImages(resize, ImageLimits.DEFAULT)) {
      smaller.read(image);
      whole.read(image);
      double sum = 0;
      for (int i = 0; i < smaller.pixels().length; i++) {
        sum += Math.abs((smaller.pixels()[i] & 0xff) - (whole.pixels()[i] & 0xff));
      }
      assertThat(sum / smaller.pixels().length).isBetween(0.001, 1.0);
    }
  }

  /**
   * A process whose memory, most of it not OpenCV's, is above four times its heap; JavaCPP would
   * refuse every allocation.
   */
  @Test
  void processAboveFourTimesItsHeap_stillReads() throws IOException, InterruptedException {
    Path image = Files.write(temp.resolve("image.jpg"), picture("00-ref-noentry.jpg"));
    Path output = temp.resolve("output");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx24m",
                "-XX:MaxDirectMemorySize=200m",
                "-cp",
                System.getProperty("java.class.path"),
                MuchMemory.class.getName(),
                image.toString())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(Files.readString(output)).contains("read 96 x 96");
    assertThat(process.exitValue()).isZero();
  }

  /** Takes 160 MB beside the heap, then reads an image. */
  static final class MuchMemory {

    public static void main(String[] arguments) throws Exception {
      java.nio.ByteBuffer memory = java.nio.ByteBuffer.allocateDirect(160 << 20);
      for (int at = 0; at < memory.capacity(); at += 4096) {
        memory.put(at, (byte) 1);
      }
      try (ImageReader reader = new ImageReader(SMALL, ImageLimits.DEFAULT)) {
        CheckedImage image = reader.read(Files.readAllBytes(Path.of(arguments[0])));
        System.out.printf("read %d x %d%n", image.width(), image.height());
      }
    }
  }
}
