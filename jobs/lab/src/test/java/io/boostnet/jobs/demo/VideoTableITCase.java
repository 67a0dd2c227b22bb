package io.boostnet.jobs.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.boostnet.flink.event.EventRules;
import io.boostnet.flink.event.Events;
import io.boostnet.jobs.broker.BrokerExtension;
import io.boostnet.jobs.evaluate.EventScore;
import io.boostnet.jobs.kafka.KafkaAccess;
import io.boostnet.schema.Event;
import io.boostnet.schema.EventKind;
import io.boostnet.schema.ImageFrame;
import io.boostnet.schema.Prediction;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A table of the labelled video's events, beside the function's events of a table's predictions.
 */
@Timeout(240)
@ExtendWith(BrokerExtension.class)
class VideoTableITCase {

  private static final String FRAMES = "video-frames";
  private static final Path SHIPPED = Path.of("demo").toAbsolutePath();
  private static final long GAP_MS = 3_600_000;

  private final KafkaAccess kafka;
  private final TableEnvironment env =
      TableEnvironment.create(EnvironmentSettings.inStreamingMode());

  VideoTableITCase(KafkaAccess kafka) {
    this.kafka = kafka;
    env.getConfig().set("parallelism.default", "2");
    env.getConfig().set("pipeline.object-reuse", "true");
  }

  @Test
  void eventsOfATable_areThoseOfTheFunction_andTellTheVideo() throws Exception {
    LabelledVideo video =
        LabelledVideo.of(
            SignTrack.read(SHIPPED.resolve("frames/gtsrb-tracks.avro")).subList(0, 24), 7);
    publish(video);
    createTable("predictions", "sequence BIGINT, timestampMs BIGINT, label INT, confidence FLOAT");
    createTable(
        "events",
        "kind STRING, fromLabel INT, toLabel INT, beganMs BIGINT, confirmedMs BIGINT,"
            + " sequence BIGINT, confidence FLOAT,"
            + " confirmed AS TO_TIMESTAMP_LTZ(confirmedMs, 3),"
            + " WATERMARK FOR confirmed AS confirmed - INTERVAL '5' SECOND");

    List<Row> events =
        rows(
            "SELECT sourceId, kind, fromLabel, toLabel, beganMs, confirmedMs, sequence, confidence"
                + " FROM events");

    assertThat(events)
        .extracting(Row::toString)
        .containsExactlyInAnyOrderElementsOf(
            functionsEvents().stream().map(VideoTableITCase::row).map(Row::toString).toList());
    assertThat(events).extracting(row -> row.getField(1)).contains("OFFLINE", "ONLINE");
    assertThat(score(video, events).recall()).isGreaterThan(0.9);
  }

  private void createTable(String rows, String columns) {
    env.executeSql(
        """
        CREATE TABLE %s (sourceId STRING, %s) WITH (
          'connector' = 'boostnet',
          'rows' = '%s',
          'bundle' = '%s',
          'kafka.bootstrapServers' = '%s',
          'kafka.topics.frames' = '%s',
          'kafka.topics.deadLetters' = '%s-dead-letters',
          'kafka.topics.controlEvents' = '%s-control',
          'kafka.stop' = 'latest',
          'inference.meanCost' = '0.5',
          'inference.order' = 'ordered',
          'events.gapMs' = '%d')
        """
            .formatted(
                rows,
                columns,
                rows,
                SHIPPED.resolve("models/gtsrb-msdnet"),
                kafka.bootstrapServers(),
                FRAMES,
                rows,
                rows,
                GAP_MS));
  }

  /** What the function makes of the predictions, each source in the order in which they came. */
  private List<Event> functionsEvents() throws Exception {
    List<Prediction> predictions = new ArrayList<>();
    for (Row row :
        rows("SELECT sourceId, sequence, timestampMs, label, confidence FROM predictions")) {
      predictions.add(
          Prediction.newBuilder()
              .setSourceId((String) row.getField(0))
              .setSequence((long) row.getField(1))
              .setTimestampMs((long) row.getField(2))
              .setLabel((int) row.getField(3))
              .setLabelName("")
              .setConfidence((float) row.getField(4))
              .setExit(1)
              .setExits(4)
              .setCost(0.5)
              .setForced(false)
              .setThresholdsVersion(0)
              .setBundle("")
              .setBundleVersion("")
              .setSubtask(0)
              .setDecidedAtMs(0)
              .build());
    }
    StreamExecutionEnvironment streams = StreamExecutionEnvironment.getExecutionEnvironment();
    List<Event> events = new ArrayList<>();
    try (CloseableIterator<Event> told =
        Events.of(
                streams
                    .fromData(predictions, new AvroTypeInfo<>(Prediction.class))
                    .setParallelism(1),
                EventRules.DEFAULT.offlineAfter(Duration.ofMillis(GAP_MS)))
            .executeAndCollect()) {
      told.forEachRemaining(events::add);
    }
    return events;
  }

  private static Row row(Event event) {
    return Row.of(
        event.getSourceId(),
        event.getKind().name(),
        event.getFromLabel(),
        event.getToLabel(),
        event.getBeganMs(),
        event.getConfirmedMs(),
        event.getSequence(),
        event.getConfidence());
  }

  private static EventScore score(LabelledVideo video, List<Row> events) {
    EventScore score = new EventScore();
    video
        .truth()
        .forEach(
            (source, changes) ->
                score.add(
                    changes,
                    events.stream()
                        .filter(event -> source.equals(event.getField(0)))
                        .filter(event -> EventKind.CHANGED.name().equals(event.getField(1)))
                        .map(
                            event ->
                                new EventScore.Told(
                                    (int) event.getField(3), (long) event.getField(6)))
                        .toList()));
    return score;
  }

  /** With a gap of two hours in the middle, and one frame in seven after the one behind it. */
  private void publish(LabelledVideo video) throws IOException {
    kafka.ensureTopics(Map.of(FRAMES, 2));
    List<ImageFrame> frames = new ArrayList<>();
    for (ImageFrame frame : video.frames()) {
      long afterGap = frame.getSequence() < 180 ? 0 : 2 * GAP_MS;
      frames.add(
          ImageFrame.newBuilder(frame).setTimestampMs(frame.getTimestampMs() + afterGap).build());
    }
    for (int i = 0; i + 1 < frames.size(); i += 7) {
      frames.add(i + 1, frames.remove(i));
    }
    try (Producer<byte[], byte[]> producer = kafka.producer()) {
      for (ImageFrame frame : frames) {
        ByteBuffer bytes = ImageFrame.getEncoder().encode(frame);
        byte[] value = new byte[bytes.remaining()];
        bytes.get(value);
        producer.send(
            new ProducerRecord<>(
                FRAMES, frame.getSourceId().getBytes(StandardCharsets.UTF_8), value));
      }
    }
  }

  private List<Row> rows(String query) throws Exception {
    List<Row> rows = new ArrayList<>();
    try (CloseableIterator<Row> all = env.executeSql(query).collect()) {
      all.forEachRemaining(rows::add);
    }
    return rows;
  }
}
