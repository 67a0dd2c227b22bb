package io.boostnet.jobs.camera.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.boostnet.jobs.camera.feed.CameraCounts;
import io.boostnet.jobs.camera.feed.FrameSink;
import io.boostnet.jobs.camera.feed.PlacedFrame;
import io.boostnet.jobs.camera.input.Box;
import io.boostnet.jobs.format.FormatConfig;
import io.boostnet.jobs.format.Formats;
import io.boostnet.jobs.format.ZonePlace;
import io.boostnet.schema.ImageFrame;
import io.boostnet.schema.SingleObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A Kafka that answers when the test says so. */
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FramePublisherTest {

  private static final int CAPACITY = 3;

  private final MockProducer<byte[], byte[]> kafka =
      new MockProducer<>(false, null, new ByteArraySerializer(), new ByteArraySerializer());
  private final CameraCounts counts = new CameraCounts();
  private final FramePublisher publisher =
      new FramePublisher(kafka, "frames", Formats.frameEncoder(FormatConfig.DEFAULT, "frames"));

  @AfterEach
  void close() {
    publisher.close();
  }

  @Test
  void liveCamera_kafkaSlow_dropsTheOldestAndCounts() throws Exception {
    FrameSink outbox = publisher.outbox(true, CAPACITY, counts);
    for (int i = 0; i < FrameOutbox.MOST_IN_FLIGHT; i++) {
      outbox.take(List.of(frame(i, 10)), i);
      awaitSent(i + 1);
    }

    for (long i = 100; i < 110; i++) {
      outbox.take(List.of(frame(i, 10)), i);
    }
    assertThat(counts.droppedCount()).isEqualTo(7);
    completeAll(FrameOutbox.MOST_IN_FLIGHT + CAPACITY);

    assertThat(sequences().subList(FrameOutbox.MOST_IN_FLIGHT, kafka.history().size()))
        .containsExactly(107L, 108L, 109L);
    assertThat(counts.publishedCount()).isEqualTo(FrameOutbox.MOST_IN_FLIGHT + CAPACITY);
  }

  @Test
  void file_kafkaSlow_waitsAndLosesNone() throws Exception {
    FrameSink outbox = publisher.outbox(false, CAPACITY, counts);
    CompletableFuture<Void> reader = CompletableFuture.runAsync(() -> fill(outbox, 100));
    awaitSent(FrameOutbox.MOST_IN_FLIGHT);

    assertThat(reader).isNotDone();
    completeAll(100);

    reader.get(10, TimeUnit.SECONDS);
    assertThat(sequences()).containsExactlyElementsOf(LongStream.range(0, 100).boxed().toList());
    assertThat(counts.droppedCount()).isZero();
  }

  @Test
  void frame_tooLargeForTheTopic_isRefusedAndTold() throws Exception {
    FrameSink outbox = publisher.outbox(false, CAPACITY, counts);
    outbox.take(List.of(frame(0, 10)), 0);
    awaitSent(1);
    kafka.errorNext(new RecordTooLargeException("1 MB is the most"));

    assertThat(publisher.flush(Duration.ofSeconds(10))).isTrue();
    assertThat(counts.refusedCount()).isEqualTo(1);
    assertThat(counts.problem()).isEqualTo("Kafka refused a frame (1 MB is the most)");
  }

  /** As where {@code delivery.timeout.ms} ends: batches expire in their order, one by one. */
  @Test
  void frames_thatTheProducerGivesUp_goAgainInTheirOrder_andNoneGoesBetween() throws Exception {
    FrameSink outbox = publisher.outbox(false, 10, counts);
    for (int i = 0; i < 5; i++) {
      outbox.take(List.of(frame(i, 10)), i);
    }
    awaitSent(5);

    for (int i = 0; i < 2; i++) {
      kafka.errorNext(new TimeoutException("expired"));
    }
    outbox.take(List.of(frame(5, 10)), 5);
    kafka.completeNext();
    kafka.errorNext(new TimeoutException("expired"));
    kafka.completeNext();
    completeAll(4);

    assertThat(sequences()).containsExactly(0L, 1L, 2L, 3L, 4L, 0L, 1L, 3L, 5L);
    assertThat(counts.publishedCount()).isEqualTo(6);
    assertThat(counts.refusedCount()).isZero();
  }

  @Test
  void key_isTheSource_andTheImageIsUntouched() throws Exception {
    FrameSink outbox = publisher.outbox(false, CAPACITY, counts);
    outbox.take(List.of(frame(5, 77)), 5);
    completeAll(1);

    assertThat(new String(kafka.history().get(0).key())).isEqualTo("gate/door");
    assertThat(kafka.history().get(0).timestamp()).isNull();
    assertThat(decoded().get(0).getImage().remaining()).isEqualTo(77);
    assertThat(counts.publishedBytes()).isEqualTo(77);
  }

  @Test
  void zone_saysWhereItLies_andAWholePictureDoesNot() throws Exception {
    ZonePlace door = new ZonePlace(100, 40, 160, 240);
    FrameSink outbox = publisher.outbox(false, CAPACITY, counts);
    PlacedFrame zone = new PlacedFrame(frame(5, 10).frame(), new Box(100, 40, 160, 240));
    outbox.take(List.of(zone, frame(5, 10)), 5);
    completeAll(2);

    assertThat(ZonePlace.of(kafka.history().get(0).headers())).contains(door);
    assertThat(kafka.history().get(1).headers()).isEmpty();
  }

  private void fill(FrameSink outbox, int frames) {
    try {
      for (long i = 0; i < frames; i++) {
        outbox.take(List.of(frame(i, 10)), i);
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void awaitSent(int frames) {
    while (kafka.history().size() < frames) {
      Thread.onSpinWait();
    }
  }

  private void completeAll(int frames) throws InterruptedException {
    for (int done = 0; done < frames; ) {
      if (kafka.completeNext()) {
        done++;
      } else {
        Thread.onSpinWait();
      }
    }
    assertThat(publisher.flush(Duration.ofSeconds(10))).isTrue();
  }

  private List<Long> sequences() throws IOException {
    return decoded().stream().map(ImageFrame::getSequence).toList();
  }

  private List<ImageFrame> decoded() throws IOException {
    List<ImageFrame> frames = new java.util.ArrayList<>();
    for (var record : kafka.history()) {
      frames.add(SingleObject.decoder(ImageFrame.class).decode(record.value()));
    }
    return frames;
  }

  private static PlacedFrame frame(long sequence, int bytes) {
    ImageFrame frame =
        ImageFrame.newBuilder()
            .setSourceId("gate/door")
            .setSequence(sequence)
            .setTimestampMs(1)
            .setContentType("image/jpeg")
            .setImage(ByteBuffer.allocate(bytes))
            .build();
    return new PlacedFrame(frame, null);
  }
}
