package io.boostnet.image.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What is an acceptable image. Whatever reads images, to train on or to serve, is tested against
 * it; the pictures are drawn by a program.
 */
public abstract class ImageContract {

  /**
   * What a reader made of an image.
   *
   * @param read whether it was read
   * @param flawed whether it was counted as one with a flaw
   * @param refusal why it was not read
   */
  public record Verdict(boolean read, boolean flawed, String refusal) {

    /** An image that was read. */
    public static Verdict read(boolean flawed) {
      return new Verdict(true, flawed, "");
    }

    /** An image that was refused. */
    public static Verdict refused(String refusal) {
      return new Verdict(false, false, refusal);
    }
  }

  /** Reads an image that comes under the name or type of a JPEG. */
  protected abstract Verdict read(byte[] image);

  /** A picture of the contract. */
  public static byte[] picture(String name) {
    try (InputStream in = ImageContract.class.getResourceAsStream(name)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "00-ref-noentry.jpg",
        "00-ref-noentry.png",
        "00-ref-arrow.jpg",
        "10-exif6-arrow.jpg",
        "11-cmyk-adobe.jpg",
        "12-mjpeg-no-dht.jpg",
        "20-palette-trns.png"
      })
  void wholeImage_isRead(String name) {
    assertThat(read(picture(name))).isEqualTo(Verdict.read(false));
  }

  @ParameterizedTest
  @ValueSource(strings = {"13-junk-between-segments.jpg", "21-bad-crc-text.png"})
  void flawThatNoPixelDependsOn_isReadAndCounted(String name) {
    assertThat(read(picture(name))).isEqualTo(Verdict.read(true));
  }

  @ParameterizedTest
  @CsvSource({"30-a.webp,WebP", "30-a.bmp,BMP", "30-a.gif,GIF", "30-a.tif,TIFF"})
  void otherFormat_isRefusedByItsName(String name, String format) {
    Verdict verdict = read(picture(name));
    assertThat(verdict.read()).isFalse();
    assertThat(verdict.refusal()).contains("is a " + format + " image").contains("JPEG and PNG");
  }

  @ParameterizedTest
  @ValueSource(strings = {"00-ref-noentry.jpg", "00-ref-noentry.png", "12-mjpeg-no-dht.jpg"})
  void cutImage_isRefused(String name) {
    byte[] whole = picture(name);
    for (int length : new int[] {20, whole.length / 4, whole.length / 2, whole.length - 12}) {
      Verdict verdict = read(Arrays.copyOf(whole, length));
      assertThat(verdict.read()).as("%s cut to %d bytes", name, length).isFalse();
      assertThat(verdict.refusal()).contains("cut off or damaged");
    }
  }

  @Test
  void markerWithinTheScanOfAJpeg_isRefused_sinceDecodersFillTheRestWithGrey() {
    byte[] image = picture("00-ref-noentry.jpg");
    byte[] comment = {(byte) 0xff, (byte) 0xfe, 0, 4, 'h', 'i'};
    System.arraycopy(comment, 0, image, image.length / 2, comment.length);
    assertThat(read(image).refusal()).contains("cut off or damaged");
  }

  @TestFactory
  Stream<DynamicTest> damageToPixelsOfAPng_isRefused() {
    return Stream.of("00-ref-noentry.png", "20-palette-trns.png")
        .flatMap(
            name ->
                Stream.of(
                    DynamicTest.dynamicTest(
                        name + " with a flipped bit of its pixels",
                        () -> {
                          byte[] image = picture(name);
                          image[indexOf(image, "IDAT") + 40] ^= 1;
                          assertThat(read(image).refusal()).contains("cut off or damaged");
                        }),
                    DynamicTest.dynamicTest(
                        name + " whose pixels pass for a chunk that may be left out",
                        () -> {
                          byte[] image = picture(name);
                          image[indexOf(image, "IDAT")] = 'i';
                          assertThat(read(image).refusal()).contains("cut off or damaged");
                        })));
  }

  @Test
  void bytesThatAreNoImage_areRefused() {
    assertThat(read("<html>504 Gateway Time-out</html>".getBytes(StandardCharsets.UTF_8)).refusal())
        .contains("no JPEG or PNG image");
  }

  private static int indexOf(byte[] image, String text) {
    return new String(image, StandardCharsets.ISO_8859_1).indexOf(text);
  }
}
