package io.boostnet.jobs.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.boostnet.flink.model.EncodedFrame;
import io.boostnet.flink.model.Frame;
import io.boostnet.flink.model.FrameDecoder;
import io.boostnet.flink.model.RecordHeader;
import io.boostnet.flink.model.RejectedFrameException;
import io.boostnet.flink.model.Rejection;
import io.boostnet.flink.model.SourceRecord;
import io.boostnet.jobs.Frames;
import io.boostnet.schema.ImageFrame;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class FrameFormatsTest {

  private static final byte[] IMAGE = {1, 2, 3, -4};
  private static final long TIME = 1_700_000_000_123L;

  private static SourceRecord record(String key, byte[] value, List<RecordHeader> headers) {
    return new SourceRecord(utf8(key), value, "photos", 3, 42, TIME, headers);
  }

  private static byte[] utf8(String text) {
    return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
  }

  private static EncodedFrame decoded(FormatConfig config, SourceRecord record) throws Exception {
    try (FrameDecoder<SourceRecord> decoder = Formats.frameDecoder(config)) {
      decoder.open();
      return decoder.decode(record);
    }
  }

  private static EncodedFrame json(String text) throws Exception {
    return json(FieldPointers.DEFAULT, text);
  }

  private static EncodedFrame json(FieldPointers pointers, String text) throws Exception {
    FormatConfig config = new FormatConfig(FrameFormat.JSON, null, null, pointers, null);
    return decoded(config, record("key", utf8(text), List.of()));
  }

  private static FieldPointers pointers(List<String> take) {
    return new FieldPointers(
        "/camera/id", "/n", "/at", null, "/jpeg", "/uri", null, null, "/class", null, take);
  }

  @ParameterizedTest
  @EnumSource(
      value = FrameFormat.class,
      names = {"AVRO", "IMAGE", "JSON", "CLOUDEVENTS"})
  void frame_writtenAndRead_isTheSame(FrameFormat format) throws Exception {
    FormatConfig config = FormatConfig.of(format, null);
    ImageFrame frame =
        ImageFrame.newBuilder(Frames.frame("camera-7", 9_007_199_254_740_993L, "image/png", IMAGE))
            .setTimestampMs(TIME)
            .setLabel(5)
            .setDeadlineMs(TIME + 50)
            .build();

    EncodedFrame read = writtenAndRead(config, frame);

    assertThat(read.contentType()).isEqualTo("image/png");
    assertThat(read.image()).isEqualTo(IMAGE);
    assertThat(read.reference()).isNull();
    assertThat(read.frame())
        .usingRecursiveComparison()
        .ignoringFields("origin")
        .isEqualTo(new Frame("camera-7", 9_007_199_254_740_993L, TIME, 5, TIME + 50, null));
    assertThat(read.frame().origin().topic()).isEqualTo("photos");
    assertThat(read.frame().origin().offset()).isEqualTo(42);
  }

  @ParameterizedTest
  @EnumSource(
      value = FrameFormat.class,
      names = {"AVRO", "IMAGE", "JSON", "CLOUDEVENTS"})
  void reference_writtenAndRead_isTheSame(FrameFormat format) throws Exception {
    ImageFrame frame =
        ImageFrame.newBuilder(Frames.frame("c", 1, "image/png", new byte[0]))
            .setReference("s3://photos/a%20b.jpg")
            .build();

    EncodedFrame read = writtenAndRead(FormatConfig.of(format, null), frame);

    assertThat(read.reference()).isEqualTo("s3://photos/a%20b.jpg");
    assertThat(read.image()).isEmpty();
  }

  private static EncodedFrame writtenAndRead(FormatConfig config, ImageFrame frame)
      throws Exception {
    RecordEncoder<ImageFrame> encoder = Formats.frameEncoder(config, "photos");
    encoder.open();
    RecordEncoder.Encoded written = encoder.encode(frame);
    return decoded(config, record(frame.getSourceId(), written.value(), written.headers()));
  }

  @Test
  void bareImage_withoutKeyAndHeaders_isIdentifiedByItsPlace() throws Exception {
    EncodedFrame frame =
        decoded(FormatConfig.of(FrameFormat.IMAGE, null), record(null, IMAGE, List.of()));

    assertThat(frame.frame().sourceId()).isEqualTo("photos-3");
    assertThat(frame.frame().sequence()).isEqualTo(42);
    assertThat(frame.frame().timestampMs()).isEqualTo(TIME);
    assertThat(frame.frame().label()).isEqualTo(Frame.UNLABELLED);
    assertThat(frame.contentType()).isEmpty();
    assertThat(frame.image()).isSameAs(IMAGE);
  }

  @Test
  void bareImage_keyThatIsNoText_isItsHexadecimalDigits() throws Exception {
    SourceRecord record =
        new SourceRecord(new byte[] {(byte) 0xff, 0x0a}, IMAGE, "photos", 0, 1, 2, List.of());

    EncodedFrame frame = decoded(FormatConfig.of(FrameFormat.IMAGE, null), record);

    assertThat(frame.frame().sourceId()).isEqualTo("ff0a");
  }

  @Test
  void bareImage_headersOfOtherNames_areRead_theLastOfAName() throws Exception {
    FormatConfig config =
        new FormatConfig(
            FrameFormat.IMAGE, null, new HeaderNames("n", null, null, "type"), null, null);

    EncodedFrame frame =
        decoded(
            config,
            record(
                "c",
                IMAGE,
                List.of(
                    new RecordHeader("n", utf8("1")),
                    new RecordHeader("n", utf8("7")),
                    new RecordHeader("type", utf8("image/jpeg")))));

    assertThat(frame.frame().sequence()).isEqualTo(7);
    assertThat(frame.contentType()).isEqualTo("image/jpeg");
  }

  @Test
  void bareImage_sequenceThatIsNoNumber_isRejected() {
    List<RecordHeader> headers = List.of(new RecordHeader("sequence", utf8("seven")));
    assertThatThrownBy(
            () -> decoded(FormatConfig.of(FrameFormat.IMAGE, null), record("c", IMAGE, headers)))
        .isInstanceOf(RejectedFrameException.class)
        .hasMessageContaining("header sequence");
  }

  @Test
  void json_atOtherPointers_withAnIsoTime_isRead() throws Exception {
    EncodedFrame frame =
        json(
            pointers(null),
            """
            {"camera": {"id": 17}, "n": 3, "at": "2026-01-31T08:00:00.5Z", "class": 2,
             "jpeg": "%s", "more": [1, 2]}
            """
                .formatted(Base64.getEncoder().encodeToString(IMAGE)));

    assertThat(frame.frame().sourceId()).isEqualTo("17");
    assertThat(frame.frame().timestampMs()).isEqualTo(1_769_846_400_500L);
    assertThat(frame.frame().label()).isEqualTo(2);
    assertThat(frame.image()).isEqualTo(IMAGE);
  }

  @Test
  void json_fieldsToTake_surviveAsTheyWereWritten() throws Exception {
    EncodedFrame frame =
        json(
            pointers(List.of("/order/id", "/price", "/tags", "/absent")),
            """
            {"order": {"id": 123456789012345678901234567890}, "price": 1.10, "tags": ["a", null],
             "uri": "s3://b/k"}
            """);

    assertThat(frame.frame().baggage().fields())
        .containsOnlyKeys("order/id", "price", "tags")
        .containsEntry("order/id", "123456789012345678901234567890")
        .containsEntry("price", "1.10")
        .containsEntry("tags", "[\"a\",null]");
    assertThat(frame.reference()).isEqualTo("s3://b/k");
  }

  @Test
  void json_withoutAnythingButTheImage_isIdentifiedByItsRecord() throws Exception {
    EncodedFrame frame = json("{\"image\": \"AQID\"}");

    assertThat(frame.frame().sourceId()).isEqualTo("key");
    assertThat(frame.frame().sequence()).isEqualTo(42);
    assertThat(frame.frame().timestampMs()).isEqualTo(TIME);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "\"image\"",
        "{",
        "{\"image\": \"AQID\"} {\"image\": \"AQID\"}",
        "{\"image\": \"AQID\", \"image\": \"AQID\"}",
        "{\"image\": \"not base64!\"}",
        "{\"image\": 7}",
        "{}",
        "{\"image\": \"AQID\", \"sequence\": 1.5}",
        "{\"image\": \"AQID\", \"sequence\": 99999999999999999999}",
        "{\"image\": \"AQID\", \"label\": 3000000000}",
        "{\"image\": \"AQID\", \"timestampMs\": \"yesterday\"}",
        "{\"image\": \"AQID\", \"sourceId\": [1]}"
      })
  void json_thatIsNoFrame_isRejectedWithItsBytes(String text) {
    assertThatThrownBy(() -> json(text))
        .isInstanceOfSatisfying(
            RejectedFrameException.class,
            rejected -> {
              Rejection rejection = rejected.rejection();
              assertThat(rejection.reason()).isEqualTo(Rejection.Reason.UNREADABLE_RECORD);
              assertThat(rejection.detail()).isNotBlank();
              assertThat(rejection.frame().origin().payload()).isEqualTo(utf8(text));
              assertThat(rejection.frame().origin().offset()).isEqualTo(42);
            });
  }

  @Test
  void cloudEvent_inStructuredMode_isRead() throws Exception {
    String event =
        """
        {"specversion": "1.0", "id": "a", "source": "/cameras/7", "type": "photo",
         "time": "2026-01-31T09:00:00+01:00", "sequence": "12", "datacontenttype": "image/png",
         "data_base64": "AQID"}
        """;
    EncodedFrame frame =
        decoded(
            FormatConfig.of(FrameFormat.CLOUDEVENTS, null),
            record(
                null,
                utf8(event),
                List.of(new RecordHeader("content-type", utf8("application/cloudevents+json")))));

    assertThat(frame.frame().sourceId()).isEqualTo("/cameras/7");
    assertThat(frame.frame().sequence()).isEqualTo(12);
    assertThat(frame.frame().timestampMs()).isEqualTo(1_769_846_400_000L);
    assertThat(frame.image()).isEqualTo(new byte[] {1, 2, 3});
    assertThat(frame.contentType()).isEqualTo("image/png");
  }

  @Test
  void cloudEvent_thatIsNone_isRejected() {
    assertThatThrownBy(
            () ->
                decoded(
                    FormatConfig.of(FrameFormat.CLOUDEVENTS, null),
                    record(null, IMAGE, List.of(new RecordHeader("ce_id", utf8("x"))))))
        .isInstanceOf(RejectedFrameException.class)
        .hasMessageContaining("CloudEvent");
  }

  @Test
  void chosenHeaders_travel_withFramesAndRejections() throws Exception {
    FrameDecoder<SourceRecord> decoder =
        new ForwardingDecoder(
            Formats.frameDecoder(FormatConfig.of(FrameFormat.IMAGE, null)),
            new HeaderSelection(List.of("traceparent", "camera-*")));
    List<RecordHeader> headers =
        List.of(
            new RecordHeader("traceparent", utf8("00-1")),
            new RecordHeader("other", utf8("x")),
            new RecordHeader("camera-lens", null),
            new RecordHeader("traceparent", utf8("00-2")));
    decoder.open();

    assertThat(decoder.decode(record("c", IMAGE, headers)).frame().baggage().headers())
        .extracting(RecordHeader::key)
        .containsExactly("traceparent", "camera-lens", "traceparent");
    assertThatThrownBy(() -> decoder.decode(record("c", new byte[0], headers)))
        .isInstanceOfSatisfying(
            RejectedFrameException.class,
            e -> assertThat(e.rejection().frame().baggage().headers()).hasSize(3));
  }

  @ParameterizedTest
  @CsvSource({"'', kafka.forwardHeaders", "a*b, star at the end"})
  void headerNames_thatCannotMatch_areRefused(String name, String message) {
    assertThatThrownBy(() -> new HeaderSelection(List.of(name)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @Test
  void pointer_thatIsNone_isRefused() {
    assertThatThrownBy(() -> pointers(List.of("order")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'order'");
  }

  @Test
  void rawPlanes_keepTheirSize_inJson() throws Exception {
    ImageFrame planes =
        ImageFrame.newBuilder(Frames.frame("c", 1, "image/x-rgb-planes", new byte[12]))
            .setWidth(2)
            .setHeight(2)
            .setImage(ByteBuffer.wrap(new byte[12]))
            .build();

    EncodedFrame read = writtenAndRead(FormatConfig.of(FrameFormat.JSON, null), planes);

    assertThat(read.width()).isEqualTo(2);
    assertThat(read.height()).isEqualTo(2);
  }
}
