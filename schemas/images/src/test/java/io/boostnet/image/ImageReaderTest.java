package io.boostnet.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.boostnet.image.contract.ImageContract;
import io.boostnet.schema.Interpolation;
import java.awt.color.ColorSpace;
import java.awt.color.ICC_Profile;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
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

  /** Without JFIF's marker, and with the numbers that RTP gives components. */
  @Test
  void jpegOfComponentsFromZero_hasThePixelsOfItsReference() throws BadImageException {
    byte[] jpeg = picture("00-ref-arrow.jpg");
    ByteArrayOutputStream other = new ByteArrayOutputStream();
    other.write(jpeg, 0, 2);
    int at = 2;
    for (int marker = 0; marker != 0xda; ) {
      marker = jpeg[at + 1] & 0xff;
      int end = at + 2 + ByteBuffer.wrap(jpeg).getChar(at + 2);
      byte[] segment = Arrays.copyOfRange(jpeg, at, end);
      for (int c = 0; c < 3; c++) {
        if (marker == 0xc0) {
          segment[10 + 3 * c]--;
        } else if (marker == 0xda) {
          segment[5 + 2 * c]--;
        }
      }
      if (marker != 0xe0) {
        other.writeBytes(segment);
      }
      at = end;
    }
    other.write(jpeg, at, jpeg.length - at);

    assertThat(pixels(other.toByteArray())).isEqualTo(pixels(jpeg));
  }

  @Test
  void jpegWithAProfile_hasTheLevelsThatItStores() throws BadImageException {
    byte[] jpeg = picture("00-ref-arrow.jpg");
    byte[] profile = ICC_Profile.getInstance(ColorSpace.CS_LINEAR_RGB).getData();
    byte[] head = "ICC_PROFILE\0\1\1".getBytes(StandardCharsets.ISO_8859_1);
    ByteBuffer with = ByteBuffer.allocate(jpeg.length + 4 + head.length + profile.length);
    with.put(jpeg, 0, 2).putChar((char) 0xffe2).putChar((char) (2 + head.length + profile.length));
    with.put(head).put(profile).put(jpeg, 2, jpeg.length - 2);

    assertThat(pixels(with.array())).isEqualTo(pixels(jpeg));
  }

  @Test
  void transparentPng_hasTheColoursThatItStores() throws BadImageException, IOException {
    BufferedImage clear = new BufferedImage(32, 32, BufferedImage.TYPE_INT_ARGB);
    BufferedImage opaque = new BufferedImage(32, 32, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < 32 * 32; i++) {
      clear.setRGB(i % 32, i / 32, 0x00c86432);
      opaque.setRGB(i % 32, i / 32, 0x00c86432);
    }

    assertThat(pixels(png(clear))).isEqualTo(pixels(png(opaque)));
  }

  /** One reader's memory serves images of any length and size, one after the other. */
  @ParameterizedTest
  @EnumSource(Interpolation.class)
  void readerOfManyImages_givesWhatAFreshOneDoes(Interpolation interpolation)
      throws BadImageException, IOException {
    Resize resize = SMALL.with(interpolation);
    List<byte[]> images = new ArrayList<>();
    for (int[] size : new int[][] {{32, 32}, {200, 180}, {32, 32}, {7, 90}, {32, 64}, {40, 40}}) {
      images.add(png(noise(size[0], size[1])));
      images.add(picture("00-ref-arrow.jpg"));
    }
    assertThat(images).anyMatch(image -> image.length > 1 << 16);

    try (ImageReader reader = new ImageReader(resize, ImageLimits.DEFAULT)) {
      for (byte[] image : images) {
        try (ImageReader fresh = new ImageReader(resize, ImageLimits.DEFAULT)) {
          fresh.read(image);
          reader.read(image);
          assertThat(reader.pixels()).isEqualTo(fresh.pixels());
        }
      }
    }
  }

  @Test
  void imageOfTheSizeAskedFor_isReadAsItIs() throws BadImageException, IOException {
    BufferedImage noise = noise(32, 32);
    byte[] pixels = pixels(png(noise));
    for (int i = 0; i < 32 * 32; i++) {
      int blue = pixels[3 * i] & 0xff;
      int green = pixels[3 * i + 1] & 0xff;
      int red = pixels[3 * i + 2] & 0xff;
      assertThat(red << 16 | green << 8 | blue).isEqualTo(noise.getRGB(i % 32, i / 32) & 0xffffff);
    }
  }

  private static BufferedImage noise(int width, int height) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Random random = new Random(width * 31 + height);
    for (int i = 0; i < width * height; i++) {
      image.setRGB(i % width, i / width, random.nextInt());
    }
    return image;
  }

  private static byte[] png(BufferedImage image) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(image, "png", out);
    return out.toByteArray();
  }

  private static byte[] pixels(String picture) throws BadImageException {
    return pixels(picture(picture));
  }

  private static byte[] pixels(byte[] image) throws BadImageException {
    try (ImageReader reader = new ImageReader(SMALL, ImageLimits.DEFAULT)) {
      reader.read(image);
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
