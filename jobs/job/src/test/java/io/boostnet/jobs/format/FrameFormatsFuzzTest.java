package io.boostnet.jobs.format;

import io.boostnet.flink.model.FrameDecoder;
import io.boostnet.flink.model.RecordHeader;
import io.boostnet.flink.model.RejectedFrameException;
import io.boostnet.flink.model.SourceRecord;
import io.boostnet.fuzz.Attempt;
import io.boostnet.fuzz.Edit;
import io.boostnet.fuzz.Fuzz;
import io.boostnet.fuzz.JsonEdit;
import io.boostnet.jobs.Frames;
import io.boostnet.schema.BoundedRecord;
import io.boostnet.schema.ImageFrame;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Provide;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.specific.SpecificData;

/** Damaged records of every format: a frame, or a {@link RejectedFrameException}. */
class FrameFormatsFuzzTest {

  private static final long MOST_HEAP = 16 << 20;
  private static final byte[] IMAGE = new byte[300];

  private static final String JSON =
      "{\"sourceId\":\"c\",\"sequence\":7,\"timestampMs\":\"2026-01-31T08:00:00Z\",\"label\":1,"
          + "\"contentType\":\"image/png\",\"image\":\"AQIDBAUG\",\"order\":{\"id\":12.50}}";

  private static final String EVENT =
      "{\"specversion\":\"1.0\",\"id\":\"a\",\"source\":\"/c\",\"type\":\"t\",\"sequence\":\"1\","
          + "\"time\":\"2026-01-31T08:00:00Z\",\"datacontenttype\":\"image/png\","
          + "\"data_base64\":\"AQID\"}";

  @Fuzz
  void damagedRecord_isAFrameOrRejected(
      @ForAll("formats") FrameFormat format, @ForAll("edits") List<Edit> edits) throws IOException {
    RecordEncoder<ImageFrame> encoder = Formats.frameEncoder(FormatConfig.of(format, null), "t");
    encoder.open();
    RecordEncoder.Encoded encoded = encoder.encode(Frames.frame("c", 1, "image/png", IMAGE));
    decode(format, Edit.apply(edits, encoded.value()), encoded.headers());
  }

  @Fuzz
  void damagedHeaders_makeAFrameOrAreRejected(
      @ForAll("formats") FrameFormat format, @ForAll("edits") List<Edit> edits) throws IOException {
    RecordEncoder<ImageFrame> encoder = Formats.frameEncoder(FormatConfig.of(format, null), "t");
    encoder.open();
    RecordEncoder.Encoded encoded = encoder.encode(Frames.frame("c", 1, "image/png", IMAGE));
    List<RecordHeader> damaged =
        encoded.headers().stream()
            .map(header -> new RecordHeader(header.key(), Edit.apply(edits, header.value())))
            .toList();
    decode(format, encoded.value(), damaged);
  }

  @Fuzz
  void otherJson_isAFrameOrRejected(@ForAll("jsonEdits") List<JsonEdit> edits) throws IOException {
    decode(FrameFormat.JSON, utf8(JsonEdit.apply(edits, JSON)), List.of());
  }

  @Fuzz
  void otherEvent_isAFrameOrRejected(@ForAll("jsonEdits") List<JsonEdit> edits) throws IOException {
    List<RecordHeader> structured =
        List.of(new RecordHeader("content-type", utf8("application/cloudevents+json")));
    decode(FrameFormat.CLOUDEVENTS, utf8(JsonEdit.apply(edits, EVENT)), structured);
  }

  @Fuzz
  void damagedAvroBehindARegistrysFraming_isWholeOrRefused(@ForAll("edits") List<Edit> edits)
      throws IOException {
    RegistryEncoder<ImageFrame> encoder = new RegistryEncoder<>(ImageFrame.class, 7);
    encoder.open();
    byte[] damaged =
        Edit.apply(edits, encoder.encode(Frames.frame("c", 1, "image/png", IMAGE)).value());
    Attempt.at(
        () -> {
          if (RegistryFraming.isFramed(damaged)) {
            BoundedRecord.check(
                SpecificData.get().getSchema(ImageFrame.class),
                damaged,
                RegistryFraming.HEADER_BYTES);
          }
          return null;
        },
        MOST_HEAP,
        Set.of(IOException.class, AvroRuntimeException.class));
  }

  private static void decode(FrameFormat format, byte[] value, List<RecordHeader> headers)
      throws IOException {
    FormatConfig config =
        new FormatConfig(
            format,
            null,
            null,
            new FieldPointers(
                null, null, null, null, null, null, null, null, null, null, List.of("/order")),
            null);
    FrameDecoder<SourceRecord> decoder = Formats.frameDecoder(config);
    decoder.open();
    Attempt.at(
        () -> decoder.decode(new SourceRecord(null, value, "t", 0, 1, 2, headers)),
        MOST_HEAP,
        Set.of(RejectedFrameException.class));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Provide
  Arbitrary<FrameFormat> formats() {
    return Arbitraries.of(
        FrameFormat.IMAGE, FrameFormat.JSON, FrameFormat.CLOUDEVENTS, FrameFormat.AVRO);
  }

  @Provide
  Arbitrary<List<Edit>> edits() {
    return Edit.several();
  }

  @Provide
  Arbitrary<List<JsonEdit>> jsonEdits() {
    return JsonEdit.several();
  }
}
