package io.boostnet.jobs.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.boostnet.flink.ModelBundle;
import io.boostnet.flink.exit.Evidence;
import io.boostnet.flink.inference.Device;
import io.boostnet.flink.model.CostUnit;
import io.boostnet.jobs.broker.BrokerExtension;
import io.boostnet.jobs.config.ExitThresholds;
import io.boostnet.jobs.evaluate.OfflineCascade;
import io.boostnet.jobs.files.FrameFile;
import io.boostnet.jobs.kafka.KafkaAccess;
import io.boostnet.schema.ImageFrame;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The model of SQL against the offline evaluation, and its speed beside the table's: {@code mvn
 * verify -Psql}, which writes {@code jobs/target/sql-trials.txt}. A speed decides nothing.
 */
@Timeout(900)
@ExtendWith(BrokerExtension.class)
class SqlTrials {

  private static final Path BUNDLE = Path.of("demo", "models", "gtsrb-msdnet");
  private static final Path FRAMES = Path.of("demo", "frames", "gtsrb-tracks.avro");
  private static final Path WRITTEN = Path.of("target", "sql-trials.txt");
  private static final String TOPIC = "sql-trial";
  private static final int COUNT = 2_000;
  private static final int TIMES = 12;
  private static final int ROUNDS = 3;
  private static final double MEAN_COST = 0.5;

  private final KafkaAccess kafka;
  private final TableEnvironment env =
      TableEnvironment.create(EnvironmentSettings.inStreamingMode());

  SqlTrials(KafkaAccess kafka) {
    this.kafka = kafka;
  }

  @Test
  void model_overTwoThousandFrames_saysWhatTheOfflineEvaluationDoes() throws Exception {
    List<ImageFrame> frames = publish();
    env.getConfig().set("parallelism.default", "1");
    env.getConfig().set("pipeline.object-reuse", "true");
    createTables();
    ModelBundle bundle = ModelBundle.read(BUNDLE.toString());
    Evidence offline = OfflineCascade.evidence(bundle, Device.CPU, frames);
    double[] thresholds =
        new ExitThresholds(null, null, MEAN_COST).of(bundle, CostUnit.TIME).toArray();

    Files.writeString(WRITTEN, "");
    for (int round = 1; round <= ROUNDS; round++) {
      for (int most : new int[] {10, 128}) {
        String name = "ml-predict-%d-%d".formatted(most, round);
        String query =
            "SELECT `offset`, m_label, m_exit, m_error FROM TABLE(ML_PREDICT(TABLE images, MODEL m,"
                + " DESCRIPTOR(image), MAP['max-concurrent-operations', '%d']))".formatted(most);
        check(offline, thresholds, measure(name, query));
      }
      String name = "table-" + round;
      String columns = "SELECT `offset`, label, `exit`, CAST(NULL AS STRING) FROM predictions";
      check(
          offline,
          thresholds,
          measure(name, columns + " /*+ OPTIONS('pipeline' = '%s') */".formatted(name)));
    }
  }

  private static void check(Evidence offline, double[] thresholds, List<JsonNode> rows) {
    assertThat(rows).hasSize(COUNT * TIMES);
    for (JsonNode row : rows) {
      int image = (int) (row.get("offset").asLong() % COUNT);
      int exit = exit(offline, image, thresholds);
      assertThat(row.get("error").isNull()).isTrue();
      assertThat(row.get("exit").asInt()).as("exit of frame %d", image).isEqualTo(exit);
      assertThat(row.get("label").asInt()).isEqualTo(offline.predicted(exit, image));
    }
  }

  private static int exit(Evidence offline, int image, double[] thresholds) {
    int exit = 1;
    while (exit < thresholds.length && offline.confidence(exit, image) < thresholds[exit - 1]) {
      exit++;
    }
    return exit;
  }

  /**
   * Into a topic, whose timestamps tell how fast: a client that fetches rows is the slower part.
   */
  private List<JsonNode> measure(String name, String query) throws Exception {
    kafka.ensureTopics(Map.of(name, 1));
    env.executeSql(
        """
        CREATE TABLE `%s` (`offset` BIGINT, label INT, `exit` INT, error STRING)
        WITH ('connector' = 'kafka', 'topic' = '%s', 'properties.bootstrap.servers' = '%s',
          'format' = 'json')
        """
            .formatted(name, name, kafka.bootstrapServers()));
    env.executeSql("INSERT INTO `%s` %s".formatted(name, query)).await();
    WrittenTopic written = WrittenTopic.read(kafka, name, COUNT * TIMES);
    Files.writeString(
        WRITTEN,
        "%s: %.0f rows a second%n".formatted(name, written.rate()),
        StandardOpenOption.APPEND);
    return written.values();
  }

  private void createTables() throws Exception {
    String bundle = BUNDLE.toRealPath().toString();
    env.executeSql(
        """
        CREATE TABLE images (image BYTES, `offset` BIGINT METADATA) WITH ('connector' = 'kafka',
          'topic' = '%s', 'properties.bootstrap.servers' = '%s', 'format' = 'raw',
          'scan.startup.mode' = 'earliest-offset', 'scan.bounded.mode' = 'latest-offset')
        """
            .formatted(TOPIC, kafka.bootstrapServers()));
    env.executeSql(
        """
        CREATE MODEL m INPUT (image BYTES) OUTPUT (m_label INT, m_exit INT, m_error STRING)
        WITH ('provider' = 'boostnet', 'bundle' = '%s', 'inference.meanCost' = '%s',
          'inference.precision' = 'fp32')
        """
            .formatted(bundle, MEAN_COST));
    env.executeSql(
        """
        CREATE TABLE predictions (label INT, `exit` INT, `offset` BIGINT METADATA)
        WITH ('connector' = 'boostnet', 'bundle' = '%s', 'kafka.bootstrapServers' = '%s',
          'kafka.topics.frames' = '%s', 'kafka.format.frames' = 'image', 'kafka.stop' = 'latest',
          'inference.meanCost' = '%s', 'inference.precision' = 'fp32',
          'pipeline' = 'sql-trial')
        """
            .formatted(bundle, kafka.bootstrapServers(), TOPIC, MEAN_COST));
  }

  /** The frames, several times over, so that offset modulo their number tells which one it is. */
  private List<ImageFrame> publish() {
    kafka.ensureTopics(Map.of(TOPIC, 1));
    List<ImageFrame> frames = new ArrayList<>();
    try (FrameFile file = FrameFile.open(FRAMES)) {
      List<ImageFrame> once = new ArrayList<>();
      while (once.size() < COUNT && file.hasNext()) {
        once.add(file.next());
      }
      for (int i = 0; i < COUNT; i++) {
        frames.add(once.get(i % once.size()));
      }
    }
    try (Producer<byte[], byte[]> producer = kafka.producer()) {
      for (int round = 0; round < TIMES; round++) {
        for (ImageFrame frame : frames) {
          producer.send(
              new ProducerRecord<>(
                  TOPIC,
                  0,
                  null,
                  frame.getSourceId().getBytes(StandardCharsets.UTF_8),
                  frame.getImage().array()));
        }
      }
    }
    return frames;
  }
}
