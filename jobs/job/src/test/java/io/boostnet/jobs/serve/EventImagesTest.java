package io.boostnet.jobs.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.boostnet.flink.model.Baggage;
import io.boostnet.flink.model.EncodedFrame;
import io.boostnet.flink.model.Frame;
import io.boostnet.flink.model.FrameDecoder;
import io.boostnet.flink.model.Origin;
import io.boostnet.flink.model.RecordHeader;
import io.boostnet.flink.model.RejectedFrameException;
import io.boostnet.flink.model.SourceRecord;
import io.boostnet.flink.options.Limits;
import io.boostnet.jobs.Frames;
import io.boostnet.schema.ImageFrame;
import io.boostnet.schema.Prediction;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EventImagesTest {

  private static final byte[] PNG = Frames.noise("a", 0).getImage().array();
  private static final RecordHeader OTHER = new RecordHeader("traceparent", new byte[] {1});

  /** What one frame takes along, where its record holds an image. */
  private static List<RecordHeader> taken(String contentType, byte[] image, int mostBytes)
      throws RejectedFrameException {
    Frame frame =
        new Frame("a", 0, 0, Frame.UNLABELLED, Origin.elsewhere(image))
            .with(new Baggage(List.of(OTHER), Map.of()));
    FrameDecoder<SourceRecord> format = record -> EncodedFrame.of(frame, contentType, image);
    return new EventImages(format, mostBytes).decode(null).frame().baggage().headers();
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
