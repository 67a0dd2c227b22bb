package io.boostnet.jobs.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.boostnet.jobs.CommandResult;
import io.boostnet.jobs.Frames;
import io.boostnet.jobs.broker.EmbeddedBroker;
import io.boostnet.jobs.kafka.KafkaAccess;
import io.boostnet.schema.ImageFrame;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoadITCase {

  private static final TopicPartition PARTITION = new TopicPartition("frames", 0);

  @TempDir static Path directory;
  private static EmbeddedBroker broker;

  @BeforeAll
  static void startBroker() {
    broker = EmbeddedBroker.start();
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @Test
  void run_loopsAndBadRecords_everyRecordOnTheTopicAsPlanned() throws IOException {
    Path file =
        Frames.write(
            directory.resolve("frames.avro"),
            List.of(
                Frames.frame("a", 0),
                Frames.frame("b", 5),
                Frames.frame("a", 1),
                Frames.frame("a", 2)));
    int bad = BadFrame.values().length;
    LoadProfile profile = new LoadProfile.Steady(200);
    LoadPlan plan = new LoadPlan(file, PARTITION.topic(), profile, 90, bad);
    KafkaAccess kafka = KafkaAccess.to(broker.bootstrapServers());
    kafka.requireReachable();
    assertThat(kafka.ensureTopics(Map.of(PARTITION.topic(), 1))).containsExactly("frames");
    assertThat(kafka.ensureTopics(Map.of(PARTITION.topic(), 1))).isEmpty();

    Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    LoadReport report;
    try (KafkaProducer<byte[], byte[]> producer = kafka.producer()) {
      report =
          new LoadGenerator(
                  plan,
                  producer,
                  (source, sequence, partition, offset) -> acknowledged.add(source + sequence))
              .run();
    }

    assertThat(report.published()).isEqualTo(90);
    assertThat(report.failed()).isZero();
    assertThat(acknowledged).hasSize(90);
    assertThat(report.bad())
        .extracting(LoadReport.BadRecord::kind)
        .containsExactly(BadFrame.values());

    List<ConsumerRecord<byte[], byte[]>> records = read(PARTITION, 90 + bad);
    Map<Long, BadFrame> badAt =
        report.bad().stream()
            .collect(Collectors.toMap(LoadReport.BadRecord::offset, LoadReport.BadRecord::kind));
    Map<String, Long> last = new HashMap<>();
    long start = records.get(0).timestamp();
    long index = 0;
    for (ConsumerRecord<byte[], byte[]> record : records) {
      long dueMs = start + (long) (profile.dueSeconds(index) * 1e3);
      assertThat(record.timestamp()).isEqualTo(dueMs);
      if (badAt.containsKey(record.offset())) {
        continue;
      }
      ImageFrame frame = ImageFrame.getDecoder().decode(ByteBuffer.wrap(record.value()));
      assertThat(frame.getTimestampMs()).isEqualTo(dueMs);
      assertThat(new String(record.key(), StandardCharsets.UTF_8)).isEqualTo(frame.getSourceId());
      assertThat(frame.getSequence()).isGreaterThan(last.getOrDefault(frame.getSourceId(), -1L));
      last.put(frame.getSourceId(), frame.getSequence());
      index++;
    }
    assertThat(index).isEqualTo(90);
  }

  @Test
  void command_corruptFromAFrameOn_publishesCleanFramesBeforeIt() throws IOException {
    List<ImageFrame> clean = LongStream.range(0, 30).mapToObj(i -> Frames.noise("c", i)).toList();
    Path file = Frames.write(directory.resolve("clean.avro"), clean);
    Path job =
        Files.writeString(
            directory.resolve("serve.yaml"),
            """
            bundle: anywhere
            kafka:
              bootstrapServers: "%s"
              topics: {frames: drifting}
              partitions: 1
            """
                .formatted(broker.bootstrapServers()));
    CommandResult result =
        CommandResult.of(
            "load",
            "--config",
            job,
            "--frames",
            file,
            "--rate",
            300,
            "--count",
            30,
            "--corrupt",
            "contrast:5",
            "--corrupt-from",
            12);

    assertThat(result.code()).as(result.err()).isZero();
    int index = 0;
    for (ConsumerRecord<byte[], byte[]> record : read(new TopicPartition("drifting", 0), 30)) {
      ImageFrame frame = ImageFrame.getDecoder().decode(ByteBuffer.wrap(record.value()));
      assertThat(frame.getSequence()).isEqualTo(index);
      assertThat(frame.getImage().equals(clean.get(index).getImage())).isEqualTo(index < 12);
      index++;
    }
  }

  private static List<ConsumerRecord<byte[], byte[]>> read(TopicPartition partition, int count) {
    Properties properties = KafkaAccess.to(broker.bootstrapServers()).properties();
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      while (records.size() < count) {
        var polled = consumer.poll(Duration.ofSeconds(20));
        assertThat(polled.isEmpty())
            .as("no record within 20 s, after %d", records.size())
            .isFalse();
        polled.forEach(records::add);
      }
    }
    return records;
  }
}
