package io.boostnet.jobs.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.boostnet.jobs.broker.Await;
import io.boostnet.jobs.files.FrameFile;
import io.boostnet.jobs.kafka.KafkaAccess;
import io.boostnet.schema.ImageFrame;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A TaskManager of a query is killed (SIGKILL) and another started: {@code mvn verify -Psql}. The
 * query goes from the table of predictions exactly-once into a table of Kafka's.
 */
@Timeout(600)
class SqlFaultTrial {

  private static final Path DIRECTORY = Path.of("target", "sql-fault-cluster");
  private static final Path WRITTEN = Path.of("target", "sql-fault-trial.txt");
  private static final Path FRAMES = Path.of("demo", "frames", "gtsrb-tracks.avro");
  private static final Path BUNDLE = Path.of("demo", "models", "gtsrb-msdnet");
  private static final int COUNT = 3_000;
  private static final int PER_SECOND = 80;
  private static final int BAD_EVERY = 100;
  private static final Duration PATIENCE = Duration.ofSeconds(180);

  @Test
  void taskManagerKilled_ofAQueryIntoAKafkaTable_losesAndDoublesNothing() throws Exception {
    LocalCluster.in(DIRECTORY).ifPresent(LocalCluster::delete);
    try (LocalCluster cluster =
            LocalCluster.start(DIRECTORY, ClusterPlan.of(2, 1), LocalCluster.Lifetime.OF_THIS_JVM);
        SqlProcesses sql = new SqlProcesses(cluster)) {
      KafkaAccess kafka = cluster.kafka();
      kafka.ensureTopics(Map.of("frames", 2, "out", 2, "dead-letters", 2));
      sql.runEmbedded(query(kafka));
      String job = cluster.flink().jobs().get(0);

      Thread traffic = new Thread(() -> publish(kafka), "traffic");
      traffic.start();
      Await.until("no result is committed", PATIENCE, () -> count(kafka, "out") > COUNT / 5);
      cluster.kill(LocalCluster.taskManager(1));
      cluster.launch(LocalCluster.taskManager(1));
      traffic.join();
      int good = COUNT - COUNT / BAD_EVERY;
      Await.until(
          () -> "only %d results of %d".formatted(count(kafka, "out"), good),
          PATIENCE,
          () -> count(kafka, "out") >= good);
      Await.until(
          "dead letters are missing",
          PATIENCE,
          () -> count(kafka, "dead-letters") >= COUNT / BAD_EVERY);
      long restored = cluster.flink().checkpoints(job).restored();
      cluster.flink().cancel(job);

      List<String> out = read(kafka, "out");
      int distinct = new HashSet<>(out).size();
      int letters = count(kafka, "dead-letters");
      Files.writeString(
          WRITTEN,
          "frames %d, rows %d, distinct %d, lost %d, doubled %d, dead letters %d of %d, restored %d times%n"
              .formatted(
                  good,
                  out.size(),
                  distinct,
                  good - distinct,
                  out.size() - distinct,
                  letters,
                  COUNT / BAD_EVERY,
                  restored));
      assertThat(restored).as("the job was restored from a checkpoint").isPositive();
      assertThat(distinct).isEqualTo(good);
      assertThat(out).hasSize(good);
      assertThat(letters).isEqualTo(COUNT / BAD_EVERY);
    }
  }

  private static String query(KafkaAccess kafka) throws Exception {
    return """
        SET 'table.dml-sync' = 'false';
        SET 'parallelism.default' = '2';
        SET 'pipeline.object-reuse' = 'true';
        SET 'execution.checkpointing.interval' = '2 s';
        CREATE TABLE predictions (sourceId STRING, sequence BIGINT, `exit` INT) WITH (
          'connector' = 'boostnet', 'bundle' = '%1$s', 'kafka.bootstrapServers' = '%2$s',
          'kafka.format.frames' = 'image', 'kafka.delivery' = 'exactly-once',
          'inference.budget' = 'keep-up:0.25-0.8');
        CREATE TABLE `out` (sourceId STRING, sequence BIGINT) WITH (
          'connector' = 'kafka', 'topic' = 'out', 'properties.bootstrap.servers' = '%2$s',
          'format' = 'json', 'sink.delivery-guarantee' = 'exactly-once',
          'sink.transactional-id-prefix' = 'out', 'properties.transaction.timeout.ms' = '600000');
        INSERT INTO `out` SELECT sourceId, sequence FROM predictions;
        """
        .formatted(BUNDLE.toRealPath(), kafka.bootstrapServers());
  }

  private static void publish(KafkaAccess kafka) {
    try (FrameFile file = FrameFile.open(FRAMES);
        Producer<byte[], byte[]> producer = kafka.producer()) {
      List<ImageFrame> images = new ArrayList<>();
      while (images.size() < 500) {
        images.add(file.next());
      }
      long start = System.nanoTime();
      for (int i = 0; i < COUNT; i++) {
        LockSupport.parkNanos(start + i * 1_000_000_000L / PER_SECOND - System.nanoTime());
        byte[] image =
            i % BAD_EVERY == 0 ? bytes("no image") : images.get(i % 500).getImage().array();
        ProducerRecord<byte[], byte[]> record =
            new ProducerRecord<>("frames", i % 2, null, bytes("camera-" + i % 2), image);
        record.headers().add("sequence", bytes(String.valueOf(i)));
        producer.send(record);
      }
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static int count(KafkaAccess kafka, String topic) {
    return read(kafka, topic).size();
  }

  /** What is committed. */
  private static List<String> read(KafkaAccess kafka, String topic) {
    Properties properties = kafka.properties();
    properties.put("isolation.level", "read_committed");
    List<String> values = new ArrayList<>();
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(properties, new StringDeserializer(), new StringDeserializer())) {
      List<TopicPartition> partitions =
          List.of(new TopicPartition(topic, 0), new TopicPartition(topic, 1));
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (partitions.stream().anyMatch(each -> consumer.position(each) < ends.get(each))) {
        consumer.poll(Duration.ofMillis(200)).forEach(record -> values.add(record.value()));
      }
    }
    return values;
  }
}
