package io.boostnet.jobs.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.boostnet.flink.model.EncodedFrame;
import io.boostnet.flink.model.Frame;
import io.boostnet.flink.model.FrameDecoder;
import io.boostnet.flink.model.Origin;
import io.boostnet.flink.model.RecordHeader;
import io.boostnet.flink.model.RejectedFrameException;
import io.boostnet.flink.model.SourceRecord;
import io.boostnet.flink.options.Limits;
import io.boostnet.jobs.Frames;
import io.boostnet.jobs.config.ConfigException;
import io.boostnet.jobs.format.ForwardingDecoder;
import io.boostnet.jobs.format.HeaderSelection;
import io.boostnet.schema.ImageFrame;
import io.boostnet.schema.Prediction;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EventImagesTest {

  private static final byte[] PNG = Frames.noise("a", 0).getImage().array();
  private static final RecordHeader OTHER = new RecordHeader("traceparent", new byte[] {1});

  /** What one frame takes along, where its record holds an image. */
  private static List<RecordHeader> taken(String contentType, byte[] image, int mostBytes)
      throws RejectedFrameException {
    return taken(contentType, image, mostBytes, List.of(OTHER));
  }

  /** The same of a record with these headers, all of which are forwarded. */
  private static List<RecordHeader> taken(
      String contentType, byte[] image, int mostBytes, List<RecordHeader> headers)
      throws RejectedFrameException {
    Frame frame = new Frame("a", 0, 0, Frame.UNLABELLED, Origin.elsewhere(image));
    FrameDecoder<SourceRecord> format =
        new ForwardingDecoder(
            record -> EncodedFrame.of(frame, contentType, image),
            new HeaderSelection(List.of("*")));
    SourceRecord record = new SourceRecord(null, image, "frames", 0, 0, 0, headers);
    return new EventImages(format, mostBytes).decode(record).frame().baggage().headers();
  }

  @Test
  void file_isTakenAlong_beside_whatTheFrameTakesElse() throws Exception {
    assertThat(taken("image/png", PNG, PNG.length))
        .extracting(RecordHeader::key)
        .containsExactly("traceparent", EventImages.HEADER);
    assertThat(taken("", PNG, PNG.length).get(1).value()).isEqualTo(PNG);
  }

  @Test
  void fileTooLarge_planes_andNothing_stayBehind() throws Exception {
    assertThat(taken("image/png", PNG, PNG.length - 1)).containsExactly(OTHER);
    assertThat(taken("image/x-rgb-planes", new byte[300], 1000)).containsExactly(OTHER);
    assertThat(taken("image/png", new byte[0], 1000)).containsExactly(OTHER);
  }

  @Test
  void headerOfThatKey_thatARecordCameWith_isNeverTheImage() throws Exception {
    RecordHeader forged = new RecordHeader(EventImages.HEADER, new byte[] {2});

    assertThat(taken("image/png", PNG, PNG.length, List.of(forged, OTHER)).get(1).value())
        .isEqualTo(PNG);
    assertThat(taken("image/png", PNG, PNG.length, List.of(forged, OTHER, forged))).hasSize(2);
    assertThat(taken("image/png", PNG, PNG.length - 1, List.of(forged, OTHER)))
        .containsExactly(OTHER);
  }

  @Test
  void roomOfTheImage_isNoneForOtherHeaders() throws Exception {
    String key = "k";
    RecordHeader most = new RecordHeader(key, new byte[Limits.BAGGAGE_BYTES - key.length()]);
    RecordHeader more = new RecordHeader(key, new byte[Limits.BAGGAGE_BYTES]);

    assertThat(taken("image/png", PNG, 100_000, List.of(most))).hasSize(2);
    assertThatThrownBy(() -> taken("image/png", PNG, 100_000, List.of(more)))
        .isInstanceOf(RejectedFrameException.class)
        .hasMessageContaining("have 8193 bytes, allowed are 8192");
  }

  @Test
  void imagesOfNoEvents_andOfReferences_areRefused() {
    Map<String, String> values = new HashMap<>();
    values.put("bundle", "b");
    values.put("kafka.bootstrapServers", "localhost:9092");
    values.put("events.imageBytes", "5000");
    ServeConfig withoutTopic = ServeConfigReader.read(null, values);
    values.put("kafka.topics.events", "events");
    ServeConfig withTopic = ServeConfigReader.read(null, values);
    values.put("kafka.references.allow", "s3://photos/");

    assertThat(withTopic.requireEventsOfImages()).isSameAs(withTopic);
    assertThatThrownBy(withoutTopic::requireEventsOfImages)
        .hasMessageContaining("events.imageBytes is 5000 and kafka.topics.events is not set");
    assertThatThrownBy(() -> ServeConfigReader.read(null, values))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("events.imageBytes is 5000 and kafka.references is set");
  }

  @Test
  void room_isThatOfTheLargestFile() {
    EventConfig events = new EventConfig(null, null, null, 5000);

    assertThat(EventImages.roomIn(Limits.DEFAULT, EventConfig.DEFAULT)).isEqualTo(Limits.DEFAULT);
    assertThat(EventImages.roomIn(Limits.DEFAULT, events).baggageBytes())
        .isEqualTo(Limits.BAGGAGE_BYTES + EventImages.HEADER.length() + 5000);
  }

  @Test
  void predictions_goOnWithoutIt_andTheOneThatCameStaysAsItIs() {
    Prediction said = said();
    Prediction copy = new EventImages.OfPredictions().map(said);

    assertThat(said).isEqualTo(said());
    assertThat(copy.getHeaders())
        .extracting(io.boostnet.schema.RecordHeader::getKey)
        .containsExactly("traceparent");
    copy.setHeaders(said.getHeaders());
    assertThat(copy).isEqualTo(said);
  }

  private static Prediction said() {
    ImageFrame frame = Frames.noise("a", 3);
    return Prediction.newBuilder()
        .setSourceId(frame.getSourceId())
        .setSequence(frame.getSequence())
        .setTimestampMs(0)
        .setLabel(1)
        .setLabelName("one")
        .setConfidence(0.9f)
        .setExit(1)
        .setExits(3)
        .setCost(0.3)
        .setForced(false)
        .setThresholdsVersion(1)
        .setBundle("b")
        .setBundleVersion("1")
        .setSubtask(0)
        .setDecidedAtMs(0)
        .setHeaders(
            List.of(
                new io.boostnet.schema.RecordHeader("traceparent", ByteBuffer.wrap(new byte[] {1})),
                new io.boostnet.schema.RecordHeader(EventImages.HEADER, frame.getImage())))
        .build();
  }
}
