package io.boostnet.flink.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.boostnet.flink.model.Rejection;
import io.boostnet.flink.model.Rejection.Reason;
import io.boostnet.flink.model.SourceRecord;
import io.boostnet.flink.options.Limits;
import io.boostnet.image.contract.ImageContract;
import io.boostnet.schema.ControlEvent;
import io.boostnet.schema.ImageFrame;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.specific.SpecificDatumWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Records that are no frame, and images that are refused: each with its reason. */
class RejectedFramesTest extends FrameSamplesHarness {
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
}
