package io.boostnet.jobs.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.boostnet.jobs.Frames;
import io.boostnet.jobs.TestBundle;
import io.boostnet.jobs.broker.BrokerExtension;
import io.boostnet.jobs.kafka.KafkaAccess;
import io.boostnet.jobs.serve.ServeRun;
import io.boostnet.jobs.serve.TopicConfig;
import io.boostnet.schema.DeadLetter;
import io.boostnet.schema.ImageFrame;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A table over a topic of bare images, of two partitions. */
@ExtendWith(BrokerExtension.class)
class FrameTableITCase {

  private static final int FRAMES = 20;

  /**
   * Lately, in whole windows: a broker soon deletes what its timestamp says is older than a week.
   */
  private static final long FIRST_MS = System.currentTimeMillis() / 10_000 * 10_000 - 60_000;

  private final KafkaAccess kafka;
  private final TableEnvironment env =
      TableEnvironment.create(EnvironmentSettings.inStreamingMode());

  FrameTableITCase(KafkaAccess kafka) {
    this.kafka = kafka;
    env.getConfig().set("parallelism.default", "2");
    env.getConfig().set("pipeline.object-reuse", "true");
  }

  @Test
  void rows_haveTheirRecordsColumns_andTheRestIsADeadLetter() throws Exception {
    List<ImageFrame> frames = publish("sql-columns");
    createTable("sql-columns", "");

    List<Row> rows =
        rows(
            "SELECT image, headers, `offset`, `partition`, `time`, topic, sequence, cost, `exit`, labelName"
                + " FROM predictions WHERE `partition` <> 7 AND topic IN ('other', 'sql-columns')");

    Map<Long, Row> bySequence = new HashMap<>();
    rows.forEach(row -> bySequence.put((long) row.getField("sequence"), row));
    assertThat(rows).hasSize(FRAMES);
    assertThat(bySequence).hasSize(FRAMES);
    for (int i = 0; i < FRAMES; i++) {
      Row row = bySequence.get((long) i);
      assertThat((byte[]) row.getField("image")).isEqualTo(frames.get(i).getImage().array());
      assertThat(row.getField("partition")).isEqualTo(i % 2);
      assertThat(row.getField("offset")).isEqualTo(i / 2L);
      assertThat(row.getField("time")).isEqualTo(Instant.ofEpochMilli(FIRST_MS + 1_000L * i));
      assertThat(row.getField("topic")).isEqualTo("sql-columns");
      assertThat(((Map<?, ?>) row.getField("headers")).keySet()).hasToString("[sequence]");
      assertThat((int) row.getField("exit")).isEqualTo(3);
      assertThat((double) row.getField("cost")).isEqualTo(1.0);
      assertThat((String) row.getField("labelName")).isNotEmpty();
    }
    DeadLetter letter = deadLetters("sql-columns").get(0);
    assertThat(letter.getOffset()).isEqualTo(FRAMES / 2);
    assertThat(letter.getHeaders()).isEmpty();
  }

  @Test
  void condition_onTheRecord_isDecidedBeforeTheNetworkRuns() throws Exception {
    publish("sql-filter");
    createTable("sql-filter", "");
    String query =
        """
        SELECT sourceId, `offset` FROM predictions
        WHERE (`partition` = 1 OR `offset` < 1) AND NOT `offset` IN (3, 4)
          AND `time` > TO_TIMESTAMP_LTZ(%d, 3) AND confidence >= 0
        """
            .formatted(FIRST_MS + 9000);

    String plan = env.explainSql(query);
    List<Row> rows = rows(query);

    assertThat(plan)
        .contains("project=[sourceId, confidence], metadata=[offset]")
        .contains("OR(=(partition, 1), <(offset, 1))")
        .contains("where=[(confidence >= 0)]");
    assertThat(rows)
        .extracting(Row::toString)
        .as("offset i of partition 1 is second 2 i + 1")
        .containsExactlyInAnyOrder(
            "+I[camera-1, 5]",
            "+I[camera-1, 6]",
            "+I[camera-1, 7]",
            "+I[camera-1, 8]",
            "+I[camera-1, 9]");
  }

  @Test
  void condition_onATableWithWatermarks_isDecidedBeforeTheNetworkRuns_outsideOfWindows()
      throws Exception {
    publish("sql-timed");
    createTable("sql-timed", ", WATERMARK FOR `time` AS `time` - INTERVAL '2' SECOND");

    assertThat(env.explainSql("SELECT sourceId FROM predictions WHERE `partition` = 1"))
        .contains("filter=[");
  }

  @Test
  void windows_overTheRecordsTime_closeByTheSourcesWatermarks() throws Exception {
    publish("sql-windows");
    createTable("sql-windows", ", WATERMARK FOR `time` AS `time` - INTERVAL '2' SECOND");
    String query =
        """
        SELECT window_start, sourceId, COUNT(*) AS frames
        FROM TABLE(TUMBLE(TABLE predictions, DESCRIPTOR(`time`), INTERVAL '10' SECOND))
        WHERE `partition` = 1
        GROUP BY window_start, window_end, sourceId
        """;

    String plan = env.explainSql(query);
    List<Row> rows = rows(query);

    assertThat(plan)
        .contains("watermark=[-(")
        .contains("metadata=[partition, timestamp]")
        .as("Flink gives the source no condition that stands over a window")
        .doesNotContain("filter=[");
    assertThat(rows)
        .extracting(row -> row.getField("sourceId") + " " + row.getField("frames"))
        .containsExactlyInAnyOrder("camera-1 5", "camera-1 5");
  }

  private void createTable(String topic, String watermark) {
    env.executeSql(
        """
        CREATE TABLE predictions (
          sourceId STRING, sequence BIGINT, labelName STRING NOT NULL, confidence FLOAT, `exit` INT,
          cost DOUBLE,
          topic STRING METADATA, `partition` INT METADATA, `offset` BIGINT METADATA,
          `time` TIMESTAMP_LTZ(3) METADATA FROM 'timestamp',
          headers MAP<STRING, BYTES> METADATA, image BYTES METADATA%s
        ) WITH (
          'connector' = 'boostnet',
          'bundle' = '%s',
          'kafka.bootstrapServers' = '%s',
          'kafka.topics.frames' = '%s',
          'kafka.topics.deadLetters' = '%s-dead-letters',
          'kafka.topics.controlEvents' = '%s-control',
          'kafka.format.frames' = 'image',
          'kafka.stop' = 'latest',
          'pipeline' = '%s')
        """
            .formatted(
                watermark,
                TestBundle.DIRECTORY.toAbsolutePath(),
                kafka.bootstrapServers(),
                topic,
                topic,
                topic,
                topic));
  }

  /** One a second, alternately into two partitions, and one record that is no image. */
  private List<ImageFrame> publish(String topic) throws Exception {
    kafka.ensureTopics(Map.of(topic, 2));
    List<ImageFrame> frames = new ArrayList<>();
    List<Future<?>> sent = new ArrayList<>();
    try (Producer<byte[], byte[]> producer = kafka.producer()) {
      for (int i = 0; i < FRAMES; i++) {
        ImageFrame frame = Frames.noise("camera-" + i % 2, i);
        frames.add(frame);
        ProducerRecord<byte[], byte[]> record =
            new ProducerRecord<>(
                topic,
                i % 2,
                FIRST_MS + 1_000L * i,
                bytes(frame.getSourceId()),
                frame.getImage().array());
        record.headers().add("sequence", bytes(String.valueOf(i)));
        sent.add(producer.send(record));
      }
      sent.add(producer.send(new ProducerRecord<>(topic, 0, FIRST_MS, null, bytes("no image"))));
    }
    for (Future<?> each : sent) {
      each.get();
    }
    return frames;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private List<DeadLetter> deadLetters(String topic) throws Exception {
    kafka.ensureTopics(Map.of(topic + "-none", 2));
    TopicConfig topics =
        new TopicConfig(topic, topic + "-none", topic + "-dead-letters", topic + "-control");
    return ServeRun.read(1, topics, kafka).deadLetters();
  }

  private List<Row> rows(String query) throws Exception {
    List<Row> rows = new ArrayList<>();
    try (CloseableIterator<Row> all = env.executeSql(query).collect()) {
      all.forEachRemaining(rows::add);
    }
    return rows;
  }
}
