package io.boostnet.jobs.format;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.boostnet.flink.model.SourceRecord;
import io.boostnet.schema.ClassProbability;
import io.boostnet.schema.ControlEvent;
import io.boostnet.schema.DeadLetter;
import io.boostnet.schema.DeadLetterReason;
import io.boostnet.schema.Event;
import io.boostnet.schema.EventKind;
import io.boostnet.schema.Prediction;
import io.boostnet.schema.RecordHeader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OutcomeFormatsTest {

  private static final Prediction PREDICTION =
      Prediction.newBuilder()
          .setSourceId("camera \"7\"\n")
          .setSequence(9_007_199_254_740_993L)
          .setTimestampMs(1_700_000_000_123L)
          .setLabel(3)
          .setLabelName("stop sign")
          .setConfidence(0.1f)
          .setExit(1)
          .setExits(4)
          .setCost(0.25)
          .setForced(false)
          .setThresholdsVersion(7)
          .setBundle("signs")
          .setBundleVersion("1")
          .setSubtask(0)
          .setDecidedAtMs(1_700_000_000_200L)
          .setTopK(
              List.of(
                  new ClassProbability(3, "stop sign", 0.1f),
                  new ClassProbability(1, "yield", 0.09f)))
          .setHeaders(List.of(new RecordHeader("traceparent", ByteBuffer.wrap(new byte[] {48}))))
          .setFields(Map.of("order/id", "123456789012345678901234567890", "tags", "[\"a\"]"))
          .build();

  private static final DeadLetter LETTER =
      DeadLetter.newBuilder()
          .setReason(DeadLetterReason.CORRUPT_IMAGE)
          .setDetail("cut off")
          .setStage("decode")
          .setTopic("frames")
          .setPartition(1)
          .setOffset(5)
          .setTimestampMs(9)
          .setPayload(ByteBuffer.wrap(new byte[] {0, -1, 2}))
          .setPayloadSize(3)
          .build();

  private static final ControlEvent EVENT =
      ControlEvent.newBuilder()
          .setPipeline("gate 4")
          .setVersion(2)
          .setTimestampMs(9)
          .setReason("start")
          .setThresholds(List.of(0.9, 0.0))
          .setBudget(0.5)
          .setAuditAgreement(Arrays.asList(0.5, null))
          .build();

  private static final Event CHANGE =
      Event.newBuilder()
          .setSourceId("gate 4/bay")
          .setKind(EventKind.CHANGED)
          .setToLabel(1)
          .setToLabelName("taken")
          .setBeganMs(7)
          .setConfirmedMs(9)
          .setSequence(3)
          .setConfidence(0.9f)
          .build();

  @ParameterizedTest
  @EnumSource(
      value = OutcomeFormat.class,
      names = {"AVRO", "JSON", "CLOUDEVENTS"})
  void outcomes_writtenAndRead_areTheSame(OutcomeFormat format) throws Exception {
    assertThat(writtenAndRead(format, PREDICTION, Prediction.class)).isEqualTo(PREDICTION);
    assertThat(writtenAndRead(format, LETTER, DeadLetter.class)).isEqualTo(LETTER);
    assertThat(writtenAndRead(format, EVENT, ControlEvent.class)).isEqualTo(EVENT);
    assertThat(writtenAndRead(format, CHANGE, Event.class)).isEqualTo(CHANGE);
  }

  private static <T extends SpecificRecord> T writtenAndRead(
      OutcomeFormat format, T record, Class<T> type) throws Exception {
    FormatConfig config = FormatConfig.of(null, format);
    RecordEncoder<T> encoder = Formats.encoder(config, type, "topic", "gate 4");
    encoder.open();
    RecordEncoder.Encoded encoded = encoder.encode(record);
    return Formats.reader(config, type)
        .read(new SourceRecord(null, encoded.value(), "topic", 0, 0, 0, encoded.headers()));
  }

  @Test
  void json_isOneLine_thatAPersonReads() throws Exception {
    String line = JsonRecords.json(PREDICTION.getSchema(), PREDICTION);

    assertThat(line.lines()).hasSize(1);
    JsonNode json = JsonFrameDecoder.exactMapper().readTree(line);
    assertThat(json.at("/labelName").asText()).isEqualTo("stop sign");
    assertThat(json.at("/confidence").toString()).isEqualTo("0.1");
    assertThat(json.at("/fields/order~1id").toString()).isEqualTo("123456789012345678901234567890");
    assertThat(json.at("/topK/1/labelName").asText()).isEqualTo("yield");
    assertThat(json.has("trueLabel")).isFalse();
  }

  @Test
  void cloudEvent_hasTheAttributesOfItsOutcome() {
    RecordEncoder.Encoded encoded = new CloudEventEncoder<Prediction>("gate 4").encode(PREDICTION);

    assertThat(encoded.headers())
        .extracting(header -> header.key() + "=" + header.text())
        .contains(
            "ce_type=io.boostnet.prediction",
            "ce_source=/boostnet/gate+4",
            "ce_id=camera \"7\"\n/9007199254740993",
            "content-type=application/json");
    assertThat(new String(encoded.value(), StandardCharsets.UTF_8)).startsWith("{\"sourceId\":");
  }
}
