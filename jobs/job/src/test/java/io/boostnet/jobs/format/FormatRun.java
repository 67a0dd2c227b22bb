package io.boostnet.jobs.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.boostnet.flink.model.SourceRecord;
import io.boostnet.jobs.kafka.KafkaAccess;
import io.boostnet.jobs.kafka.SourceRecordSchema;
import io.boostnet.jobs.serve.Preflight;
import io.boostnet.jobs.serve.ServeConfig;
import io.boostnet.jobs.serve.ServeJob;
import io.boostnet.jobs.serve.TopicConfig;
import io.boostnet.schema.DeadLetter;
import io.boostnet.schema.ImageFrame;
import io.boostnet.schema.Prediction;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** The Kafka job in this JVM, on topics of any format; closing it cancels it. */
final class FormatRun implements Closeable {

  private static final Duration QUIET = Duration.ofSeconds(60);

  private final ServeConfig config;
  private final KafkaAccess kafka;
  private final JobClient job;
  private final List<SourceRecord> predictionRecords = new ArrayList<>();
  private final List<Prediction> predictions = new ArrayList<>();
  private final List<DeadLetter> deadLetters = new ArrayList<>();

  private FormatRun(ServeConfig config, KafkaAccess kafka, JobClient job) {
    this.config = config;
    this.kafka = kafka;
    this.job = job;
  }

  /** Checks the configuration as serve does, and starts the job. */
  static FormatRun start(ServeConfig config, KafkaAccess kafka) throws Exception {
    ServeJob serve =
        Preflight.prepare(
            config, true, new org.apache.flink.configuration.Configuration(), line -> {});
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.getExecutionEnvironment(ServeJob.flinkOptions(config));
    serve.wire(env);
    return new FormatRun(config, kafka, env.executeAsync(config.pipeline()));
  }

  /** Reads outcomes from the beginning until there are so many. */
  void await(int outcomes) throws IOException {
    TopicConfig topics = config.kafka().topics();
    FormatConfig format = config.kafka().format();
    RecordReader<Prediction> predictionReader = Formats.reader(format, Prediction.class);
    RecordReader<DeadLetter> letterReader = Formats.reader(format, DeadLetter.class);
    predictionRecords.clear();
    predictions.clear();
    deadLetters.clear();
    Properties properties = kafka.properties();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          Stream.of(topics.predictions(), topics.deadLetters())
              .flatMap(topic -> consumer.partitionsFor(topic).stream())
              .map(info -> new TopicPartition(info.topic(), info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      while (predictions.size() + deadLetters.size() < outcomes) {
        var polled = consumer.poll(QUIET);
        assertThat(polled.isEmpty())
            .as(
                "no outcome within %s after %d predictions and %d dead letters of %d",
                QUIET, predictions.size(), deadLetters.size(), outcomes)
            .isFalse();
        for (ConsumerRecord<byte[], byte[]> record : polled) {
          SourceRecord source = SourceRecordSchema.of(record);
          if (record.topic().equals(topics.predictions())) {
            predictionRecords.add(source);
            predictions.add(predictionReader.read(source));
          } else {
            deadLetters.add(letterReader.read(source));
          }
        }
      }
    }
  }

  /** The predictions as they stand on the topic. */
  List<SourceRecord> predictionRecords() {
    return predictionRecords;
  }

  List<Prediction> predictions() {
    return predictions;
  }

  List<DeadLetter> deadLetters() {
    return deadLetters;
  }

  /** Publishes frames in the format that the configuration has, keyed by their source. */
  static void publish(
      KafkaAccess kafka, FormatConfig format, String topic, List<ImageFrame> frames) {
    kafka.ensureTopics(Map.of(topic, 1));
    RecordEncoder<ImageFrame> encoder = Formats.frameEncoder(format, topic);
    encoder.open();
    try (Producer<byte[], byte[]> producer = kafka.producer()) {
      for (ImageFrame frame : frames) {
        RecordEncoder.Encoded encoded = encoder.encode(frame);
        ProducerRecord<byte[], byte[]> record =
            new ProducerRecord<>(
                topic,
                null,
                frame.getTimestampMs(),
                frame.getSourceId().getBytes(StandardCharsets.UTF_8),
                encoded.value());
        encoded.headers().forEach(header -> record.headers().add(header.key(), header.value()));
        producer.send(record);
      }
    }
  }

  @Override
  public void close() {
    try {
      job.cancel().get(30, TimeUnit.SECONDS);
      job.getJobExecutionResult().handle((result, cancelled) -> null).get(30, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException("cancelling the job", e);
    }
  }
}
