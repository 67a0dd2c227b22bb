package io.boostnet.jobs.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.boostnet.jobs.broker.BrokerExtension;
import io.boostnet.jobs.config.ConfigException;
import io.boostnet.jobs.files.FrameFile;
import io.boostnet.jobs.kafka.KafkaAccess;
import io.boostnet.schema.Event;
import io.boostnet.schema.EventKind;
import io.boostnet.schema.ImageFrame;
import io.boostnet.schema.Prediction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Tracks by a header of the record, and events with the image that confirmed them, in the job. */
@ExtendWith(BrokerExtension.class)
@Timeout(180)
class VideoJobITCase {

  private static final Path DEMO = Path.of("demo");
  private static final String TRACK = "track-id";
  private static final int LENGTH = 30;

  private final KafkaAccess kafka;

  VideoJobITCase(KafkaAccess kafka) {
    this.kafka = kafka;
  }

  @Test
  void tracksOfAHeader_inheritFromEachOtherAlone_whateverTheirSource() throws Exception {
    ServeConfig config =
        config(
            "by-header", Map.of("inference.track", "header:" + TRACK, "inference.trackSkip", "2"));
    List<List<ImageFrame>> tracks = tracks(6);
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (int i = 0; i < 6 * LENGTH; i++) { // frame by frame of another track, all of one source
      ImageFrame frame = tracks.get(i % 6).get(i / 6);
      records.add(record(config, frame, "lane", i, i % 6 == 5 ? null : "t" + i % 6));
    }

    List<Prediction> predictions = run(config, records).predictions();

    assertThat(predictions).hasSize(6 * LENGTH);
    Map<String, Prediction> run = new HashMap<>();
    int inherited = 0;
    for (Prediction said : predictions) {
      String track = track(said);
      if (!said.getInherited()) {
        run.put(track, said);
      } else {
        inherited++;
        assertThat(track).as("without a track there is nothing to inherit").isNotNull();
        assertThat(said.getLabel())
            .as("frame %d", said.getSequence())
            .isEqualTo(run.get(track).getLabel());
        assertThat(said.getCost()).isZero();
      }
    }
    assertThat(inherited).isGreaterThan(5 * LENGTH / 3);
  }

  private static String track(Prediction said) {
    return said.getHeaders().stream()
        .filter(header -> header.getKey().equals(TRACK))
        .map(header -> StandardCharsets.UTF_8.decode(header.getValue().duplicate()).toString())
        .findFirst()
        .orElse(null);
  }

  @Test
  void events_carryTheImageThatConfirmedThem_andPredictionsDoNot() throws Exception {
    ServeConfig config =
        config(
            "pictured",
            Map.of(
                "kafka.topics.events", "pictured-events",
                "events.imageBytes", "20000",
                "kafka.forwardHeaders", "boostnet.event.image,much"));
    List<ImageFrame> shown = tracks(4).stream().flatMap(List::stream).toList();
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (int i = 0; i < shown.size(); i++) {
      ProducerRecord<byte[], byte[]> record = record(config, shown.get(i), "bay", i, null);
      record.headers().add("boostnet.event.image", new byte[] {1}); // never that of an event
      records.add(record);
    }
    ProducerRecord<byte[], byte[]> large = record(config, shown.get(0), "bay", shown.size(), null);
    large.headers().add("much", new byte[10_000]); // though an image of 20,000 bytes is not
    records.add(large);

    Outcome outcome = run(config, records);

    assertThat(outcome.predictions())
        .hasSize(shown.size())
        .allMatch(it -> it.getHeaders().isEmpty());
    assertThat(outcome.events()).hasSizeGreaterThan(1);
    for (Event event : outcome.events()) {
      assertThat(event.getKind()).isEqualTo(EventKind.CHANGED);
      assertThat(event.getImage()).isEqualTo(shown.get((int) event.getSequence()).getImage());
    }
  }

  @Test
  void imagesThatTheTopicOfEventsCannotTake_areRefusedBeforeAnythingIsCreated(
      @TempDir Path directory) throws Exception {
    try (Admin admin = Admin.create(kafka.properties())) {
      NewTopic small = new NewTopic("small-events", 1, (short) 1);
      admin.createTopics(List.of(small.configs(Map.of("max.message.bytes", "100000")))).all().get();
    }
    ServeConfig config =
        config(
            "small", Map.of("kafka.topics.events", "small-events", "events.imageBytes", "80000"));

    assertThatThrownBy(() -> Preflight.prepare(config, true, new Configuration(), line -> {}))
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            "events.imageBytes is 80000 and max.message.bytes of topic small-events is 100000;"
                + " give at most 67232, or raise that limit.");

    Path client = Files.writeString(directory.resolve("client"), "max.request.size=90000");
    ServeConfig throughAClient =
        config(
            "small",
            Map.of(
                "kafka.topics.events", "missing-events",
                "events.imageBytes", "80000",
                "kafka.clientProperties", client.toString()));

    assertThatThrownBy(
            () -> Preflight.prepare(throughAClient, true, new Configuration(), line -> {}))
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            "events.imageBytes is 80000 and max.request.size in kafka.clientProperties is 90000;"
                + " give at most 57232, or raise that limit.");
    try (Admin admin = Admin.create(kafka.properties())) {
      assertThat(admin.listTopics().names().get())
          .doesNotContain("small-frames", "small-predictions", "missing-events");
    }
  }

  /** What the job wrote. */
  private record Outcome(List<Prediction> predictions, List<Event> events) {}

  private ServeConfig config(String run, Map<String, String> more) {
    Map<String, String> values = new LinkedHashMap<>();
    values.put("bundle", DEMO.resolve("models/gtsrb-msdnet").toString());
    values.put("pipeline", run);
    values.put("kafka.bootstrapServers", kafka.bootstrapServers());
    values.put("kafka.groupId", run);
    values.put("kafka.topics.frames", run + "-frames");
    values.put("kafka.topics.predictions", run + "-predictions");
    values.put("kafka.topics.deadLetters", run + "-dead-letters");
    values.put("kafka.topics.controlEvents", run + "-control");
    values.put("kafka.partitions", "1");
    values.put("kafka.stop", "latest");
    values.put("kafka.delivery", "at-least-once");
    values.put("inference.meanCost", "0.5");
    values.put("inference.order", "ordered");
    values.put("job.parallelism", "1");
    values.putAll(more);
    return ServeConfigReader.read(values, "the test");
  }

  private static List<List<ImageFrame>> tracks(int count) {
    List<List<ImageFrame>> tracks = new ArrayList<>();
    try (FrameFile file = FrameFile.open(DEMO.resolve("frames/gtsrb-tracks.avro"))) {
      Map<String, List<ImageFrame>> bySource = new LinkedHashMap<>();
      file.forEachRemaining(
          frame ->
              bySource.computeIfAbsent(frame.getSourceId(), it -> new ArrayList<>()).add(frame));
      bySource.values().stream().limit(count).forEach(tracks::add);
    }
    assertThat(tracks).allMatch(track -> track.size() == LENGTH);
    return tracks;
  }

  private static ProducerRecord<byte[], byte[]> record(
      ServeConfig config, ImageFrame shown, String source, long sequence, String track)
      throws Exception {
    ImageFrame frame =
        ImageFrame.newBuilder(shown)
            .setSourceId(source)
            .setSequence(sequence)
            .setTimestampMs(200 * sequence)
            .build();
    byte[] value = ImageFrame.getEncoder().encode(frame).array();
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(config.kafka().topics().frames(), 0, null, value);
    if (track != null) {
      record.headers().add(TRACK, track.getBytes(StandardCharsets.UTF_8));
    }
    return record;
  }

  private Outcome run(ServeConfig config, List<ProducerRecord<byte[], byte[]>> records)
      throws Exception {
    kafka.ensureTopics(Map.of(config.kafka().topics().frames(), 1));
    try (Producer<byte[], byte[]> producer = kafka.producer()) {
      records.forEach(producer::send);
    }
    ServeJob job = Preflight.prepare(config, true, new Configuration(), line -> {});
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.getExecutionEnvironment(ServeJob.flinkOptions(config));
    job.wire(env);
    env.execute(config.pipeline());
    TopicConfig topics = config.kafka().topics();
    List<Prediction> predictions = new ArrayList<>();
    for (byte[] value : all(topics.predictions())) {
      predictions.add(Prediction.getDecoder().decode(value));
    }
    List<Event> events = new ArrayList<>();
    for (byte[] value : topics.events() == null ? List.<byte[]>of() : all(topics.events())) {
      events.add(Event.getDecoder().decode(value));
    }
    return new Outcome(predictions, events);
  }

  private List<byte[]> all(String topic) {
    TopicPartition partition = new TopicPartition(topic, 0);
    List<byte[]> values = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            kafka.properties(), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      long end = consumer.endOffsets(List.of(partition)).get(partition);
      while (consumer.position(partition) < end) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
          values.add(record.value());
        }
      }
    }
    return values;
  }
}
