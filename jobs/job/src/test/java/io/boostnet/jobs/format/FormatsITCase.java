package io.boostnet.jobs.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.boostnet.flink.model.SourceRecord;
import io.boostnet.jobs.Frames;
import io.boostnet.jobs.TestBundle;
import io.boostnet.jobs.broker.BrokerExtension;
import io.boostnet.jobs.config.ConfigException;
import io.boostnet.jobs.kafka.KafkaAccess;
import io.boostnet.jobs.serve.Delivery;
import io.boostnet.jobs.serve.InferenceConfig;
import io.boostnet.jobs.serve.JobConfig;
import io.boostnet.jobs.serve.KafkaConfig;
import io.boostnet.jobs.serve.Preflight;
import io.boostnet.jobs.serve.ReferenceConfig;
import io.boostnet.jobs.serve.ServeConfig;
import io.boostnet.jobs.serve.StartOffsets;
import io.boostnet.jobs.serve.TopicConfig;
import io.boostnet.schema.DeadLetterReason;
import io.boostnet.schema.ImageFrame;
import io.boostnet.schema.Prediction;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The job on topics of every format, with a broker and a schema registry that are real. */
@ExtendWith(BrokerExtension.class)
class FormatsITCase {

  private static final int FRAMES = 2_000;

  /** For how long the registry is stopped. */
  private static final Duration OUTAGE =
      Duration.ofSeconds(Integer.getInteger("registry.outage.seconds", 3));

  @TempDir static Path directory;

  private static ApicurioRegistry registry;

  @BeforeAll
  static void startRegistry() throws Exception {
    registry = ApicurioRegistry.start(Files.createDirectory(directory.resolve("registry")));
  }

  @AfterAll
  static void stopRegistry() {
    registry.close();
  }

  /** What a frame was decided to be. */
  private record Outcome(int label, int exit, double cost, Integer trueLabel) {}

  private static FormatConfig format(FrameFormat frames, OutcomeFormat outcomes) {
    return new FormatConfig(frames, outcomes, null, null, new RegistryAccess(registry.url(), null));
  }

  private static ServeConfig config(String run, KafkaConfig changes) {
    return config(
        run, changes, InferenceConfig.DEFAULT.withThresholds(0.45, 0.55, 0.0).withMicroBatch(1));
  }

  private static ServeConfig config(String run, KafkaConfig kafka, InferenceConfig inference) {
    return new ServeConfig(
        TestBundle.DIRECTORY.toString(),
        run,
        kafka,
        inference,
        new JobConfig(1, 500, null, null, null));
  }

  private static KafkaConfig kafka(
      String run,
      String frames,
      KafkaAccess access,
      FormatConfig format,
      List<String> forward,
      ReferenceConfig references) {
    return new KafkaConfig(
        access.bootstrapServers(),
        run,
        StartOffsets.of("earliest"),
        null,
        Delivery.AT_LEAST_ONCE,
        new TopicConfig(frames, run + "-predictions", run + "-dead-letters", run + "-control"),
        null,
        null,
        format,
        forward,
        references);
  }

  @Test
  void sameFrames_inEveryFormat_haveTheSameClassesAndExits(KafkaAccess kafka) throws Exception {
    List<ImageFrame> frames = new ArrayList<>();
    for (int i = 0; i < FRAMES; i++) {
      frames.add(
          ImageFrame.newBuilder(Frames.noise("camera-" + i % 4, i)).setLabel(i % 10).build());
    }
    Map<Long, Outcome> expected = null;
    OutcomeFormat[] outcomes = OutcomeFormat.values();
    for (FrameFormat in : FrameFormat.values()) {
      String run = "every-" + in;
      FormatConfig format = format(in, outcomes[in.ordinal() % outcomes.length]);
      FormatRun.publish(kafka, format, run, frames);
      try (FormatRun job =
          FormatRun.start(config(run, kafka(run, run, kafka, format, null, null)), kafka)) {
        job.await(FRAMES);
        Map<Long, Outcome> decided = new HashMap<>();
        for (Prediction prediction : job.predictions()) {
          decided.put(
              prediction.getSequence(),
              new Outcome(
                  prediction.getLabel(),
                  prediction.getExit(),
                  prediction.getCost(),
                  prediction.getTrueLabel()));
        }
        assertThat(job.predictions()).as("%s", in).hasSize(FRAMES);
        assertThat(decided).as("%s", in).hasSize(FRAMES);
        assertThat(job.predictionRecords())
            .allSatisfy(
                record ->
                    assertThat(new String(record.key(), StandardCharsets.UTF_8))
                        .startsWith("camera-"));
        if (expected == null) {
          expected = decided;
          assertThat(decided.values().stream().map(Outcome::exit).distinct()).hasSize(3);
        }
        assertThat(decided).as("%s", in).isEqualTo(expected);
      }
    }
  }

  @Test
  void headersFieldsAndTopK_reachThePredictionInJson_fromSeveralTopics(KafkaAccess kafka)
      throws Exception {
    String run = "several";
    FormatConfig format =
        new FormatConfig(
            FrameFormat.JSON,
            OutcomeFormat.JSON,
            null,
            new FieldPointers(
                "/camera",
                null,
                null,
                null,
                "/jpeg",
                null,
                null,
                null,
                null,
                null,
                List.of("/order")),
            null);
    kafka.ensureTopics(Map.of("gate-north", 1, "gate-south", 1));
    String json =
        "{\"camera\": \"%s\", \"order\": 123456789012345678901234567890, \"jpeg\": \"%s\"}";
    byte[] image = Frames.encoded(new java.awt.image.BufferedImage(32, 32, 1), "jpg");
    String base64 = java.util.Base64.getEncoder().encodeToString(image);
    try (Producer<byte[], byte[]> producer = kafka.producer()) {
      for (String topic : List.of("gate-north", "gate-south")) {
        ProducerRecord<byte[], byte[]> record =
            new ProducerRecord<>(
                topic, json.formatted(topic, base64).getBytes(StandardCharsets.UTF_8));
        record.headers().add("traceparent", topic.getBytes(StandardCharsets.UTF_8));
        record.headers().add("secret", new byte[] {1});
        producer.send(record);
      }
    }
    InferenceConfig topThree = InferenceConfig.DEFAULT.withTopK(3);
    KafkaConfig topics = kafka(run, "pattern:gate-.*", kafka, format, List.of("trace*"), null);

    try (FormatRun job = FormatRun.start(config(run, topics, topThree), kafka)) {
      job.await(2);

      assertThat(job.predictions())
          .extracting(Prediction::getSourceId)
          .containsExactlyInAnyOrder("gate-north", "gate-south");
      for (SourceRecord record : job.predictionRecords()) {
        JsonNode prediction = JsonFrameDecoder.exactMapper().readTree(record.value());
        assertThat(record.headers()).hasSize(1);
        assertThat(record.header("traceparent").text())
            .isEqualTo(prediction.at("/sourceId").asText());
        assertThat(prediction.at("/fields/order").toString())
            .isEqualTo("123456789012345678901234567890");
        assertThat(prediction.at("/topK")).hasSize(3);
        assertThat(prediction.at("/topK/0/label")).isEqualTo(prediction.at("/label"));
        assertThat(prediction.at("/topK/0/probability").floatValue())
            .isEqualTo(prediction.at("/confidence").floatValue());
        assertThat(prediction.at("/topK/2/probability").floatValue())
            .isLessThanOrEqualTo(prediction.at("/topK/1/probability").floatValue());
      }
    }
  }

  private static final Schema PHOTO_1 =
      SchemaBuilder.record("Photo")
          .namespace("com.acme")
          .fields()
          .requiredString("camera")
          .name("taken")
          .type(
              org.apache.avro.LogicalTypes.timestampMicros()
                  .addToSchema(Schema.create(Schema.Type.LONG)))
          .noDefault()
          .requiredBytes("jpeg")
          .name("iso")
          .type()
          .intType()
          .intDefault(100)
          .endRecord();

  /** A field added, one removed. */
  private static final Schema PHOTO_2 =
      SchemaBuilder.record("Photo")
          .namespace("com.acme")
          .fields()
          .requiredString("camera")
          .name("taken")
          .type(
              org.apache.avro.LogicalTypes.timestampMicros()
                  .addToSchema(Schema.create(Schema.Type.LONG)))
          .noDefault()
          .requiredBytes("jpeg")
          .name("number")
          .type()
          .longType()
          .longDefault(0)
          .endRecord();

  private static GenericRecord photo(Schema schema, long number) {
    GenericRecord photo = new GenericData.Record(schema);
    photo.put("camera", "lens-" + number);
    photo.put("taken", 1_700_000_000_123_456L + number * 1_000);
    photo.put("jpeg", Frames.noise("x", number).getImage());
    if (schema.getField("number") != null) {
      photo.put("number", number);
    } else {
      photo.put("iso", 200);
    }
    return photo;
  }

  private static Producer<String, GenericRecord> foreignProducer(KafkaAccess kafka) {
    Map<String, Object> settings = new HashMap<>();
    kafka.properties().forEach((key, value) -> settings.put(key.toString(), value));
    settings.put("apicurio.registry.url", registry.ownUrl());
    settings.put("apicurio.registry.auto-register", true);
    settings.put("apicurio.registry.headers.enabled", false);
    settings.put("apicurio.registry.as-confluent", true);
    settings.put("apicurio.registry.use-id", "contentId");
    settings.put("apicurio.registry.id-handler", "io.apicurio.registry.serde.Legacy4ByteIdHandler");
    var serializer = new io.apicurio.registry.serde.avro.AvroKafkaSerializer<GenericRecord>();
    serializer.configure(settings, false);
    return new KafkaProducer<>(settings, new StringSerializer(), serializer);
  }

  @Test
  void foreignProducer_evolves_andTheRegistryRestarts_nothingIsLost(KafkaAccess kafka)
      throws Exception {
    String run = "evolve";
    FormatConfig format =
        new FormatConfig(
            FrameFormat.REGISTRY,
            OutcomeFormat.REGISTRY,
            null,
            new FieldPointers(
                "/camera",
                "/number",
                "/taken",
                null,
                "/jpeg",
                null,
                null,
                null,
                null,
                null,
                List.of("/iso")),
            new RegistryAccess(registry.url(), null));
    kafka.ensureTopics(Map.of(run, 1));
    ServeConfig config = config(run, kafka(run, run, kafka, format, null, null));
    try (Producer<String, GenericRecord> foreign = foreignProducer(kafka);
        FormatRun job = FormatRun.start(config, kafka)) {
      for (int i = 0; i < 50; i++) {
        foreign.send(new ProducerRecord<>(run, photo(PHOTO_1, i))).get();
      }
      job.await(50);
      assertThat(job.predictions())
          .allSatisfy(prediction -> assertThat(prediction.getFields()).containsEntry("iso", "200"));

      foreign.send(new ProducerRecord<>(run, photo(PHOTO_2, 50))).get();
      registry.stop();
      for (int i = 51; i < 100; i++) {
        foreign.send(new ProducerRecord<>(run, photo(PHOTO_2, i))).get();
      }
      LockSupport.parkNanos(OUTAGE.toNanos());
      registry.start();
      byte[] unknown = {0, 0, 0, 4, 1, 2, 3};
      try (Producer<byte[], byte[]> raw = kafka.producer()) {
        raw.send(new ProducerRecord<>(run, unknown)).get();
        raw.send(new ProducerRecord<>(run, new byte[] {5})).get();
      }
      job.await(102);

      assertThat(job.predictions())
          .extracting(Prediction::getSourceId)
          .doesNotHaveDuplicates()
          .hasSize(100);
      assertThat(job.predictions().get(60).getTimestampMs())
          .isEqualTo(1_700_000_000_123L + job.predictions().get(60).getSequence());
      assertThat(job.deadLetters())
          .hasSize(2)
          .allSatisfy(
              letter ->
                  assertThat(letter.getReason()).isEqualTo(DeadLetterReason.UNREADABLE_RECORD));
      assertThat(job.deadLetters().get(0).getDetail()).contains("schema 1025");
    }
  }

  @Test
  void schemasThatMayNotBeRegistered_areRefusedBeforeTheJob(KafkaAccess kafka) {
    FormatConfig format =
        new FormatConfig(
            null, OutcomeFormat.REGISTRY, null, null, new RegistryAccess(registry.url(), false));
    ServeConfig config = config("refused", kafka("refused", "refused", kafka, format, null, null));

    assertThatThrownBy(
            () ->
                Preflight.prepare(
                    config, true, new org.apache.flink.configuration.Configuration(), line -> {}))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("refused-predictions-value")
        .hasMessageContaining("kafka.format.registry.register");
  }

  @Test
  void registryThatDoesNotAnswer_isToldBeforeTheJob(KafkaAccess kafka) {
    FormatConfig format =
        new FormatConfig(
            null,
            OutcomeFormat.REGISTRY,
            null,
            null,
            new RegistryAccess(URI.create("http://localhost:9"), null));
    ServeConfig config = config("away", kafka("away", "away", kafka, format, null, null));

    assertThatThrownBy(
            () ->
                Preflight.prepare(
                    config, true, new org.apache.flink.configuration.Configuration(), line -> {}))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("http://localhost:9")
        .hasMessageContaining("kafka.format.registry.url");
  }
}
