package io.boostnet.jobs.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.boostnet.jobs.files.FrameFile;
import io.boostnet.jobs.kafka.KafkaAccess;
import io.boostnet.schema.ImageFrame;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every statement of the page on SQL, on a cluster of processes, as Flink's own client runs it. */
@Timeout(600)
class SqlPageTrial {

  private static final Path PAGE = Path.of("..", "docs", "sql.md");
  private static final Path DIRECTORY = Path.of("target", "sql-cluster");
  private static final Path FRAMES = Path.of("demo", "frames", "gtsrb-tracks.avro");
  private static final Path BUNDLE = Path.of("demo", "models", "gtsrb-msdnet");

  /** Windows are counted in managed memory, of which the job itself needs none. */
  private static final ClusterPlan PLAN =
      ClusterPlan.of(1, 1).withFlinkOption("taskmanager.memory.managed.size", "32m");

  /**
   * Two minutes. The late frame comes so many after its window has ended that none is still on its
   * way through the stages, where it would hold the watermark back.
   */
  private static final int IN_TIME = 960;

  private static final int EVERY_MS = 125;

  /** Lately: a broker soon deletes what its timestamp says is older than a week. */
  private static final Instant MINUTE =
      Instant.now().minus(Duration.ofMinutes(10)).truncatedTo(ChronoUnit.MINUTES);

  /** In the client with Flink's gateway within it, and through one that is a process of its own. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void page_everyStatement_givesWhatThePageSays(boolean embedded) throws Exception {
    LocalCluster.in(DIRECTORY).ifPresent(LocalCluster::delete);
    try (LocalCluster cluster =
            LocalCluster.start(DIRECTORY, PLAN, LocalCluster.Lifetime.OF_THIS_JVM);
        SqlProcesses sql = new SqlProcesses(cluster)) {
      publish(cluster.kafka());

      String script = script(cluster.kafka());
      String said = embedded ? sql.runEmbedded(script) : sql.runThroughGateway(script);

      assertThat(said).doesNotContain("[ERROR]");
      assertThat(said)
          .as("the plan of EXPLAIN")
          .contains("filter=[=(partition, 0)], project=[sourceId, labelName, confidence]");
      assertThat(rows(said, "sourceId"))
          .as("late frames")
          .singleElement()
          .asString()
          .contains("late");
      assertThat(rows(said, "confirmed"))
          .as("events")
          .hasSizeGreaterThan(2)
          .allMatch(row -> row.matches(".*camera-[12].*"));
      List<String> counts = counts(cluster.kafka());
      assertThat(counts.stream().mapToInt(SqlPageTrial::frames).sum()).isEqualTo(IN_TIME);
      assertThat(counts.stream().map(SqlPageTrial::windowStart).distinct())
          .containsExactlyInAnyOrder(start(MINUTE), start(MINUTE.plusSeconds(60)));
      assertThat(said).contains("UNSUPPORTED_CONTENT: ");
    }
  }

  /** The statements of the page, with the places that are here. */
  private static String script(KafkaAccess kafka) throws Exception {
    String page = Files.readString(PAGE);
    String script =
        Pattern.compile("(?s)```sql\n(.*?)```")
            .matcher(page)
            .results()
            .map(block -> block.group(1))
            .collect(Collectors.joining("\n"));
    assertThat(script).contains("s3://models/gtsrb-msdnet", "kafka:9092");
    return script
        .replace("s3://models/gtsrb-msdnet", BUNDLE.toRealPath().toString())
        .replace("kafka:9092", kafka.bootstrapServers())
        .replace(
            "'connector' = 'boostnet',",
            "'connector' = 'boostnet', 'kafka.stop' = 'latest',"
                + " 'scan.watermark.emit.strategy' = 'on-event',");
  }

  /** Two minutes of frames, one that is late, and a record that is no image. */
  private static void publish(KafkaAccess kafka) {
    kafka.ensureTopics(Map.of("frames", 1, "class-counts", 1));
    try (FrameFile file = FrameFile.open(FRAMES);
        Producer<byte[], byte[]> producer = kafka.producer()) {
      for (int i = 0; i < IN_TIME; i++) {
        ImageFrame frame = file.next();
        producer.send(
            record(MINUTE.toEpochMilli() + (long) i * EVERY_MS, "camera-" + i % 3, frame));
      }
      producer.send(record(MINUTE.toEpochMilli() + EVERY_MS, "late", file.next()));
      producer.send(
          new ProducerRecord<>(
              "frames",
              0,
              MINUTE.toEpochMilli(),
              null,
              "no image".getBytes(StandardCharsets.UTF_8)));
    }
  }

  private static ProducerRecord<byte[], byte[]> record(
      long timestampMs, String camera, ImageFrame frame) {
    return new ProducerRecord<>(
        "frames",
        0,
        timestampMs,
        camera.getBytes(StandardCharsets.UTF_8),
        frame.getImage().array());
  }

  /** Rows of the result whose first column has this name, as the client prints them. */
  private static List<String> rows(String said, String firstColumn) {
    List<String> lines = said.lines().toList();
    List<String> rows = new ArrayList<>();
    boolean within = false;
    for (String line : lines) {
      if (line.matches("\\| op \\| +" + firstColumn + " .*")) {
        within = true;
      } else if (within && line.startsWith("| +I")) {
        rows.add(line);
      } else if (within && !line.startsWith("+--")) {
        within = false;
      }
    }
    return rows;
  }

  private static List<String> counts(KafkaAccess kafka) {
    Properties properties = kafka.properties();
    properties.put("isolation.level", "read_committed");
    List<String> counts = new ArrayList<>();
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(properties, new StringDeserializer(), new StringDeserializer())) {
      TopicPartition partition = new TopicPartition("class-counts", 0);
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      long end = consumer.endOffsets(List.of(partition)).get(partition);
      while (consumer.position(partition) < end) {
        consumer.poll(Duration.ofSeconds(1)).forEach(record -> counts.add(record.value()));
      }
    }
    return counts;
  }

  private static String start(Instant window) {
    return window.toString().replace('T', ' ').replace("Z", "");
  }

  private static int frames(String json) {
    return Integer.parseInt(field(json, "frames\":(\\d+)"));
  }

  private static String windowStart(String json) {
    return field(json, "window_start\":\"([^\"]+)\"");
  }

  private static String field(String json, String pattern) {
    MatchResult match = Pattern.compile(pattern).matcher(json).results().findFirst().orElseThrow();
    return match.group(1);
  }
}
