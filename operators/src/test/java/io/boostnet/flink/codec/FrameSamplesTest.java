package io.boostnet.flink.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.boostnet.flink.model.ElementType;
import io.boostnet.flink.model.Features;
import io.boostnet.flink.model.Frame;
import io.boostnet.flink.model.Preprocessing;
import io.boostnet.flink.model.RejectedFrameException;
import io.boostnet.flink.model.Rejection;
import io.boostnet.flink.model.Rejection.Reason;
import io.boostnet.flink.model.SampleDecoder;
import io.boostnet.flink.model.SourceRecord;
import io.boostnet.flink.model.TensorSpec;
import io.boostnet.flink.options.Limits;
import io.boostnet.image.contract.ImageContract;
import io.boostnet.schema.ControlEvent;
import io.boostnet.schema.ImageFrame;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.specific.SpecificDatumWriter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameSamplesTest {

  private static final int SIDE = 4;
  private static final int PLANE = SIDE * SIDE;
  private static final int NOISE_SIDE = 96;

  private final SampleDecoder<SourceRecord> decoder =
      new FrameSamples<>(
          new AvroFrameDecoder(),
          new Preprocessing(
              SIDE,
              SIDE,
              Preprocessing.ChannelOrder.RGB,
              1 / 255.0,
              List.of(0.5, 0.5, 0.5),
              List.of(0.25, 0.25, 0.25),
              Preprocessing.Resize.STRETCH,
              0,
              Preprocessing.Interpolation.AREA),
          new Limits(1 << 20, 1_000_000, 1 << 20));
  private final Features tensor =
      Features.allocate(
          List.of(
              new TensorSpec("image", ElementType.FLOAT, List.of(3L, (long) SIDE, (long) SIDE))));

  @BeforeEach
  void open() {
    decoder.open();
  }

  @AfterEach
  void close() {
    decoder.close();
  }

  private static ImageFrame frame(String contentType, byte[] image) {
    return ImageFrame.newBuilder()
        .setSourceId("camera")
        .setSequence(3)
        .setTimestampMs(77)
        .setContentType(contentType)
        .setImage(ByteBuffer.wrap(image))
        .setLabel(2)
        .build();
  }

  private Frame decode(ImageFrame frame) throws Exception {
    return decoder.decode(record(bytes(ImageFrame.getEncoder().encode(frame))), tensor);
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return bytes;
  }

  private static SourceRecord record(byte[] value) {
    return new SourceRecord(value, "frames", 1, 42, 1234);
  }

  private static byte[] encoded(String format, BufferedImage image) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    assertThat(ImageIO.write(image, format, out)).isTrue();
    return out.toByteArray();
  }

  private static BufferedImage filled(int side, int type, Color colour) {
    BufferedImage image = new BufferedImage(side, side, type);
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(colour);
    graphics.fillRect(0, 0, side, side);
    graphics.dispose();
    return image;
  }

  private static BufferedImage noise() {
    BufferedImage image = new BufferedImage(NOISE_SIDE, NOISE_SIDE, BufferedImage.TYPE_INT_RGB);
    var random = new java.util.Random(1);
    for (int i = 0; i < NOISE_SIDE * NOISE_SIDE; i++) {
      image.setRGB(i % NOISE_SIDE, i / NOISE_SIDE, random.nextInt());
    }
    return image;
  }

  private void assertTensor(double red, double green, double blue, double tolerance) {
    double[] pixel = {red, green, blue};
    for (int channel = 0; channel < 3; channel++) {
      for (int i = 0; i < PLANE; i++) {
        assertThat(tensor.tensors()[0].getFloat(4 * (channel * PLANE + i)))
            .isCloseTo(
                (float) ((pixel[channel] / 255 - 0.5) / 0.25),
                org.assertj.core.data.Offset.offset((float) (tolerance / 255 / 0.25)));
      }
    }
  }

  private Rejection rejectionOf(SourceRecord record) {
    try {
      decoder.decode(record, tensor);
    } catch (RejectedFrameException e) {
      return e.rejection();
    }
    throw new AssertionError("was decoded");
  }

  private Rejection rejectionOf(String contentType, byte[] image) throws IOException {
    return rejectionOf(record(bytes(ImageFrame.getEncoder().encode(frame(contentType, image)))));
  }

  @Test
  void png_isNormalisedChannelByChannel() throws Exception {
    Color colour = new Color(10, 120, 250);
    Frame frame =
        decode(
            frame("image/png", encoded("png", filled(SIDE, BufferedImage.TYPE_INT_RGB, colour))));
    assertTensor(10, 120, 250, 0.001);
    assertThat(frame.sourceId()).isEqualTo("camera");
    assertThat(frame.sequence()).isEqualTo(3);
    assertThat(frame.timestampMs()).isEqualTo(77);
    assertThat(frame.label()).isEqualTo(2);
    assertThat(frame.origin().topic()).isEqualTo("frames");
    assertThat(frame.origin().partition()).isEqualTo(1);
    assertThat(frame.origin().offset()).isEqualTo(42);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 4, 5, 64})
  void anySize_isResized(int side) throws Exception {
    Color colour = new Color(200, 100, 50);
    decode(frame("image/png", encoded("png", filled(side, BufferedImage.TYPE_INT_RGB, colour))));
    assertTensor(200, 100, 50, 0.6);
  }

  @Test
  void jpeg_isDecoded() throws Exception {
    Color colour = new Color(200, 100, 50);
    decode(frame("image/jpeg", encoded("jpg", filled(16, BufferedImage.TYPE_INT_RGB, colour))));
    assertTensor(200, 100, 50, 4);
  }

  @Test
  void grey_becomesColour() throws Exception {
    var grey = filled(SIDE, BufferedImage.TYPE_BYTE_GRAY, Color.WHITE);
    decode(frame("image/png", encoded("png", grey)));
    assertTensor(255, 255, 255, 0.001);
    decode(frame("image/jpeg", encoded("jpg", grey)));
    assertTensor(255, 255, 255, 2);
  }

  @Test
  void alpha_isDropped() throws Exception {
    var image = filled(SIDE, BufferedImage.TYPE_INT_ARGB, new Color(9, 99, 199, 255));
    decode(frame("image/png", encoded("png", image)));
    assertTensor(9, 99, 199, 0.001);
  }

  @Test
  void cmyk_becomesColour() throws Exception {
    try (InputStream in = getClass().getResourceAsStream("/images/cmyk-red.jpg")) {
      decode(frame("image/jpeg", in.readAllBytes()));
    }
    assertTensor(255, 0, 0, 40);
  }

  @Test
  void rawPlanes_areTakenAsTheyAre() throws Exception {
    byte[] planes = new byte[3 * PLANE];
    Arrays.fill(planes, 0, PLANE, (byte) 1);
    Arrays.fill(planes, PLANE, 2 * PLANE, (byte) 2);
    Arrays.fill(planes, 2 * PLANE, 3 * PLANE, (byte) 203);
    ImageFrame frame = frame(ImageDecoder.RAW, planes);
    frame.setWidth(SIDE);
    frame.setHeight(SIDE);
    decode(frame);
    assertTensor(1, 2, 203, 0.001);

    frame.setWidth(SIDE + 1);
    assertThat(rejectionOf(record(bytes(ImageFrame.getEncoder().encode(frame)))).detail())
        .contains("need 60 bytes and have 48");
  }

  @Test
  void unreadableRecords_areRejectedWithTheirOriginAndBytes() throws Exception {
    byte[] control =
        bytes(
            ControlEvent.getEncoder()
                .encode(
                    ControlEvent.newBuilder()
                        .setPipeline("p")
                        .setVersion(1)
                        .setTimestampMs(1)
                        .setReason("r")
                        .setThresholds(List.of(0.0))
                        .build()));
    byte[] whole = bytes(ImageFrame.getEncoder().encode(frame("image/png", new byte[100])));
    byte[] hugeLength = Arrays.copyOf(whole, 40);
    Arrays.fill(hugeLength, 10, 40, (byte) 0xfe);
    for (byte[] value :
        List.of(
            new byte[0],
            "hello, world".getBytes(StandardCharsets.UTF_8),
            control,
            Arrays.copyOf(whole, whole.length - 20),
            hugeLength)) {
      Rejection rejection = rejectionOf(record(value));
      assertThat(rejection.reason()).isEqualTo(Reason.UNREADABLE_RECORD);
      assertThat(rejection.stage()).isEqualTo(Rejection.READ);
      assertThat(rejection.frame().origin().payload()).isEqualTo(value);
      assertThat(rejection.frame().origin().offset()).isEqualTo(42);
      assertThat(rejection.frame().timestampMs()).isEqualTo(1234);
    }
    assertThat(rejectionOf(new SourceRecord(null, "frames", 1, 42, 1234)).reason())
        .isEqualTo(Reason.UNREADABLE_RECORD);
  }

  @ParameterizedTest
  @ValueSource(strings = {"png", "jpg"})
  void truncatedImage_isCorrupt(String format) throws Exception {
    byte[] image = encoded(format, noise());
    String type = format.equals("png") ? "image/png" : "image/jpeg";
    for (int length : new int[] {0, 3, 20, 60, image.length / 2, image.length - 20}) {
      assertThat(rejectionOf(type, Arrays.copyOf(image, length)).reason())
          .as("%s of %d bytes", format, length)
          .isEqualTo(Reason.CORRUPT_IMAGE);
    }
  }

  @Test
  void pngWithFlippedBytes_isCorrupt() throws Exception {
    byte[] image = encoded("png", noise());
    Arrays.fill(image, image.length / 2, image.length / 2 + 64, (byte) 0x55);
    assertThat(rejectionOf("image/png", image).reason()).isEqualTo(Reason.CORRUPT_IMAGE);
  }

  @Test
  void jpegWithDamagedMarkers_isCorrupt() throws Exception {
    byte[] image = encoded("jpg", noise());
    Arrays.fill(image, image.length / 2, image.length / 2 + 64, (byte) 0xff);
    image[image.length / 2 + 64] = 1;
    assertThat(rejectionOf("image/jpeg", image).reason()).isEqualTo(Reason.CORRUPT_IMAGE);
  }

  @Test
  void bytesThatAreNoImage_areCorruptWhereAnImageWasDeclared_elseUnsupported() throws Exception {
    byte[] text = "not an image, but long enough to have a header".getBytes(StandardCharsets.UTF_8);
    assertThat(rejectionOf("image/jpeg", text).reason()).isEqualTo(Reason.CORRUPT_IMAGE);
    assertThat(rejectionOf("IMAGE/JPG ; q=1", text).reason()).isEqualTo(Reason.CORRUPT_IMAGE);
    for (String type : List.of("text/plain", "", "application/octet-stream")) {
      Rejection rejection = rejectionOf(type, text);
      assertThat(rejection.reason()).as(type).isEqualTo(Reason.UNSUPPORTED_CONTENT);
      assertThat(rejection.detail()).contains("content type is '" + type + "'");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "image/jpg", "IMAGE/JPEG", "Image/Jpeg; charset=binary", "image/jpeg;q=1", "image/png",
        " image/jpeg ", "", "application/octet-stream", "binary/octet-stream", "text/plain"
      })
  void image_isReadAsWhatItsBytesAre_whateverTypeIsDeclared(String type) throws Exception {
    Color colour = new Color(200, 100, 50);
    decode(frame(type, encoded("jpg", filled(16, BufferedImage.TYPE_INT_RGB, colour))));
    assertTensor(200, 100, 50, 4);
    decode(frame(type, encoded("png", filled(16, BufferedImage.TYPE_INT_RGB, colour))));
    assertTensor(200, 100, 50, 0.001);
  }

  @Test
  void rawPlanes_inCapitalsAndWithParameters_areTakenAsTheyAre() throws Exception {
    byte[] planes = new byte[3 * PLANE];
    Arrays.fill(planes, (byte) 7);
    ImageFrame frame = frame("Image/X-RGB-Planes; layout=planar", planes);
    frame.setWidth(SIDE);
    frame.setHeight(SIDE);
    decode(frame);
    assertTensor(7, 7, 7, 0.001);
  }

  @Test
  void otherFormat_isUnsupportedByItsName_underAnyType() throws Exception {
    for (String type : List.of("image/jpeg", "image/webp", "")) {
      Rejection rejection = rejectionOf(type, ImageContract.picture("30-a.webp"));
      assertThat(rejection.reason()).isEqualTo(Reason.UNSUPPORTED_CONTENT);
      assertThat(rejection.detail()).contains("is a WebP image");
    }
  }

  @Test
  void foreignRecords_areNamedByWhatTheyLookLike() throws Exception {
    byte[] jpeg = encoded("jpg", noise());
    byte[] registry = new byte[60];
    registry[4] = 17;
    ByteArrayOutputStream container = new ByteArrayOutputStream();
    try (var writer = new DataFileWriter<>(new SpecificDatumWriter<>(ImageFrame.class))) {
      writer.create(ImageFrame.getClassSchema(), container);
      writer.append(frame("image/jpeg", jpeg));
    }
    Map<byte[], String> foreign = new LinkedHashMap<>();
    foreign.put(jpeg, "a bare JPEG image");
    foreign.put(encoded("png", noise()), "a bare PNG image");
    foreign.put("{\"image\": \"/9j/4AAQ\"}".getBytes(StandardCharsets.UTF_8), "JSON");
    foreign.put("[[0.5, 0.1]]".getBytes(StandardCharsets.UTF_8), "JSON");
    foreign.put(registry, "then schema id 17");
    foreign.put(container.toByteArray(), "an Avro container file");
    foreign.put(new byte[0], "it is empty");
    foreign.forEach(
        (value, name) -> {
          Rejection rejection = rejectionOf(record(value));
          assertThat(rejection.reason()).isEqualTo(Reason.UNREADABLE_RECORD);
          assertThat(rejection.detail()).contains(name);
        });
    assertThat(rejectionOf(record("hello, world".getBytes(StandardCharsets.UTF_8))).detail())
        .doesNotContain("looks like");
  }

  @Test
  void bytesAfterAFrame_makeADeadLetter_notAFrameWithALostNeighbour() throws Exception {
    byte[] one =
        bytes(
            ImageFrame.getEncoder()
                .encode(frame("image/png", encoded("png", filled(SIDE, 1, Color.RED)))));
    byte[] two = Arrays.copyOf(one, 2 * one.length);
    System.arraycopy(one, 0, two, one.length, one.length);

    Rejection rejection = rejectionOf(record(two));
    assertThat(rejection.reason()).isEqualTo(Reason.UNREADABLE_RECORD);
    assertThat(rejection.detail()).contains("%d bytes follow".formatted(one.length));
    assertThat(rejection.frame().origin().payload()).isEqualTo(two);
  }

  @Test
  void bomb_isRefusedByItsHeader() throws Exception {
    byte[] image = encoded("png", noise());
    ByteBuffer.wrap(image).putInt(16, 60_000).putInt(20, 60_000);
    CRC32 crc = new CRC32();
    crc.update(image, 12, 17);
    ByteBuffer.wrap(image).putInt(29, (int) crc.getValue());
    Rejection rejection = rejectionOf("image/png", image);
    assertThat(rejection.reason()).isEqualTo(Reason.TOO_LARGE);
    assertThat(rejection.detail()).contains("60000 x 60000");
  }

  @Test
  void tooManyBytes_areRefused() throws Exception {
    assertThat(rejectionOf("image/jpeg", new byte[(1 << 20) + 1]).reason())
        .isEqualTo(Reason.TOO_LARGE);
  }

  @Test
  void sourceOfTheMostCharacters_isDecoded_andALongerOneRejectedWithoutIt() throws Exception {
    byte[] image = encoded("png", filled(SIDE, BufferedImage.TYPE_INT_RGB, Color.RED));
    ImageFrame frame = frame("image/png", image);
    frame.setSourceId("\u20ac".repeat(Limits.SOURCE_ID_CHARS));
    assertThat(decode(frame).sourceId()).hasSize(Limits.SOURCE_ID_CHARS);

    frame.setSourceId("x".repeat(Limits.SOURCE_ID_CHARS + 1));
    SourceRecord record = record(bytes(ImageFrame.getEncoder().encode(frame)));
    Rejection rejection = rejectionOf(record);

    assertThat(rejection.reason()).isEqualTo(Reason.TOO_LARGE);
    assertThat(rejection.stage()).isEqualTo(Rejection.READ);
    assertThat(rejection.detail()).isEqualTo("the source has 4097 characters, allowed are 4096");
    assertThat(rejection.frame().sourceId()).isNull();
    assertThat(rejection.frame().timestampMs()).isEqualTo(77);
    assertThat(rejection.frame().origin().payload()).isEqualTo(record.value());
  }

  @Test
  void longContentType_isRejectedWithoutIt() throws Exception {
    Rejection rejection = rejectionOf("x".repeat(1 << 16), new byte[3]);
    assertThat(rejection.reason()).isEqualTo(Reason.UNSUPPORTED_CONTENT);
    assertThat(rejection.detail()).contains("has 65536 characters").hasSizeLessThan(200);
  }

  @Test
  void afterBadInput_goodInputIsDecoded() throws Exception {
    assertThatThrownBy(() -> decode(frame("image/png", new byte[50])))
        .isInstanceOf(RejectedFrameException.class);
    Color colour = new Color(10, 120, 250);
    decode(frame("image/png", encoded("png", filled(SIDE, BufferedImage.TYPE_INT_RGB, colour))));
    assertTensor(10, 120, 250, 0.001);
  }
}
