package io.boostnet.jobs.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.boostnet.flink.codec.ImageDecoder;
import io.boostnet.jobs.Frames;
import io.boostnet.jobs.load.Corruption.Kind;
import io.boostnet.schema.ImageFrame;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class CorruptorTest {

  @ParameterizedTest
  @EnumSource(Kind.class)
  void corrupt_higherSeverity_changesTheImageMore(Kind kind) throws IOException {
    double before = 0.5;
    for (int severity = 1; severity <= 5; severity++) {
      double difference = 0;
      for (long sequence = 0; sequence < 20; sequence++) {
        ImageFrame clean = Frames.noise("a", sequence);
        difference += difference(clean, corrupted(clean, kind, severity, 1)) / 20;
      }
      assertThat(difference).as("severity %d", severity).isGreaterThan(before);
      before = difference;
    }
  }

  @ParameterizedTest
  @CsvSource({
    "NOISE, png, 32, 32",
    "NOISE, jpg, 61, 40",
    "BLUR, png, 40, 61",
    "BLUR, jpg, 32, 32",
    "CONTRAST, png, 1, 1",
    "CONTRAST, jpg, 300, 200",
    "FOG, png, 1, 7",
    "FOG, jpg, 61, 40",
    "OCCLUSION, png, 1, 1",
    "OCCLUSION, jpg, 61, 40"
  })
  void corrupt_anySize_keepsSizeAndFormat(Kind kind, String format, int width, int height)
      throws IOException {
    ImageFrame clean = picture(format, width, height);
    ImageFrame corrupted = corrupted(clean, kind, 5, 1);

    BufferedImage image = decoded(corrupted);
    assertThat(image.getWidth()).isEqualTo(width);
    assertThat(image.getHeight()).isEqualTo(height);
    byte[] start = new byte[4];
    corrupted.getImage().duplicate().get(start);
    assertThat(new String(start, StandardCharsets.ISO_8859_1))
        .startsWith(format.equals("png") ? "\u0089PNG" : "\u00ff\u00d8\u00ff");
    assertThat(corrupted.getContentType()).isEqualTo(clean.getContentType());
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void corrupt_sameSeedAndFrame_givesTheSameImage(Kind kind) {
    ImageFrame clean = Frames.noise("a", 3);
    ImageFrame again = corrupted(clean, kind, 3, 1);

    assertThat(corrupted(clean, kind, 3, 1)).isEqualTo(again);
    if (kind == Kind.NOISE || kind == Kind.FOG || kind == Kind.OCCLUSION) {
      assertThat(corrupted(clean, kind, 3, 2)).isNotEqualTo(again);
      ImageFrame next = ImageFrame.newBuilder(clean).setSequence(4).build();
      assertThat(corrupted(next, kind, 3, 1).getImage()).isNotEqualTo(again.getImage());
    }
  }

  @Test
  void corrupt_rawPlanes_areCorruptedAsTheEncodedImageIs() throws IOException {
    ImageFrame png = picture("png", 20, 10);
    ImageFrame raw =
        ImageFrame.newBuilder(png)
            .setContentType(ImageDecoder.RAW)
            .setImage(ByteBuffer.wrap(planes(decoded(png))))
            .setWidth(20)
            .setHeight(10)
            .build();

    assertThat(corrupted(raw, Kind.CONTRAST, 3, 1).getImage())
        .isEqualTo(ByteBuffer.wrap(planes(decoded(corrupted(png, Kind.CONTRAST, 3, 1)))));
  }

  @Test
  void corrupt_whatIsNoImage_staysAsItIs() {
    byte[] text = "no image".getBytes(StandardCharsets.UTF_8);
    for (String type : new String[] {"image/png", "image/jpeg", ImageDecoder.RAW, "video/mp4"}) {
      ImageFrame bad = Frames.frame("a", 0, type, text);
      assertThat(corrupted(bad, Kind.FOG, 1, 1)).isEqualTo(bad);
    }
  }

  @Test
  void fog_brightestPixel_getsNoBrighterThanItWas() throws IOException {
    BufferedImage grey = new BufferedImage(32, 32, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < 32 * 32; i++) {
      grey.setRGB(i % 32, i / 32, 0x404040 + (i % 8) * 0x101010);
    }
    ImageFrame clean = Frames.frame("a", 0, "image/png", Frames.encoded(grey, "png"));
    byte[] foggy = planes(decoded(corrupted(clean, Kind.FOG, 5, 1)));

    for (byte value : foggy) {
      assertThat(value & 0xff).isLessThanOrEqualTo(0xb0);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"snow:3", "noise", "noise:9", "noise:0", "noise:3:1", ""})
  void parse_otherText_saysWhatIsNeeded(String text) {
    assertThatThrownBy(() -> Corruption.parse(text)).hasMessageContaining("1 to 5");
  }

  @Test
  void parse_kindAndSeverity_isThatCorruption() {
    assertThat(Corruption.parse("blur:2")).isEqualTo(new Corruption(Kind.BLUR, 2));
    assertThat(new Corruption(Kind.BLUR, 2)).hasToString("blur:2");
  }

  private static ImageFrame corrupted(ImageFrame clean, Kind kind, int severity, long seed) {
    ImageFrame frame = ImageFrame.newBuilder(clean).build();
    try (Corruptor corruptor = new Corruptor(new Corruption(kind, severity), seed)) {
      corruptor.corrupt(frame);
    }
    return frame;
  }

  private static ImageFrame picture(String format, int width, int height) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < width * height; i++) {
      image.setRGB(i % width, i / width, i * 0x030507 & 0xffffff);
    }
    String type = format.equals("png") ? "image/png" : "image/jpeg";
    return Frames.frame("a", 0, type, Frames.encoded(image, format));
  }

  private static BufferedImage decoded(ImageFrame frame) throws IOException {
    byte[] bytes = new byte[frame.getImage().remaining()];
    frame.getImage().duplicate().get(bytes);
    return ImageIO.read(new ByteArrayInputStream(bytes));
  }

  private static byte[] planes(BufferedImage image) {
    int pixels = image.getWidth() * image.getHeight();
    byte[] planes = new byte[3 * pixels];
    for (int i = 0; i < planes.length; i++) {
      int pixel = i % pixels;
      int rgb = image.getRGB(pixel % image.getWidth(), pixel / image.getWidth());
      planes[i] = (byte) (rgb >> 16 - 8 * (i / pixels));
    }
    return planes;
  }

  private static double difference(ImageFrame one, ImageFrame other) throws IOException {
    byte[] a = planes(decoded(one));
    byte[] b = planes(decoded(other));
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += Math.abs((a[i] & 0xff) - (b[i] & 0xff));
    }
    return sum / a.length;
  }
}
