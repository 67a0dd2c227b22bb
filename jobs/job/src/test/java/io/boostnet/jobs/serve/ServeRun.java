package io.boostnet.jobs.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.boostnet.jobs.kafka.KafkaAccess;
import io.boostnet.schema.DeadLetter;
import io.boostnet.schema.Prediction;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.avro.message.BinaryMessageDecoder;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * One run of the Kafka job in this JVM over what is on a topic, until there are so many outcomes.
 *
 * @param predictions what it predicted, in the order of each partition
 * @param deadLetters what it could not classify
 */
public record ServeRun(List<Prediction> predictions, List<DeadLetter> deadLetters) {

  private static final Duration QUIET = Duration.ofSeconds(120);

  /** Runs the job; its outcomes must be on topics of its own, which exist. */
  public static ServeRun until(int outcomes, ServeConfig config, ServeJob serve, KafkaAccess kafka)
      throws Exception {
    TopicConfig topics = config.kafka().topics();
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.getExecutionEnvironment(ServeJob.flinkOptions(config));
    serve.wire(env);
    JobClient job = env.executeAsync(config.pipeline());
    try {
      return read(outcomes, topics, kafka);
    } finally {
      job.cancel().get(30, TimeUnit.SECONDS);
      job.getJobExecutionResult().handle((result, cancelled) -> null).get(30, TimeUnit.SECONDS);
    }
  }

  /** Creates the topics of a configuration's outcomes. */
  public static void createTopics(ServeConfig config, KafkaAccess kafka) {
    TopicConfig topics = config.kafka().topics();
    kafka.ensureTopics(
        Map.of(topics.predictions(), 2, topics.deadLetters(), 2, topics.controlEvents(), 1));
  }

  /** A configuration whose result topics bear the run's name. */
  public static ServeConfig config(
      String run, KafkaAccess kafka, String bundle, String framesTopic, int parallelism) {
    return new ServeConfig(
        bundle,
        run,
        new KafkaConfig(
            kafka.bootstrapServers(),
            run,
            StartOffsets.of("earliest"),
            Delivery.AT_LEAST_ONCE,
            new TopicConfig(
                framesTopic, run + "-predictions", run + "-dead-letters", run + "-control"),
            null,
            null),
        null,
        new JobConfig(parallelism, 1000, null, null, null));
  }

  /** Reads the outcomes of a job that runs somewhere until there are so many. */
  public static ServeRun read(int outcomes, TopicConfig topics, KafkaAccess kafka)
      throws IOException {
    BinaryMessageDecoder<Prediction> predictionDecoder = Prediction.getDecoder();
    BinaryMessageDecoder<DeadLetter> letterDecoder = DeadLetter.getDecoder();
    ServeRun run = new ServeRun(new ArrayList<>(), new ArrayList<>());
    Properties properties = kafka.properties();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          Stream.of(topics.predictions(), topics.deadLetters())
              .flatMap(
                  topic -> Stream.of(new TopicPartition(topic, 0), new TopicPartition(topic, 1)))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      while (run.size() < outcomes) {
        var polled = consumer.poll(QUIET);
        assertThat(polled.isEmpty())
            .as("no outcome within %s after %d of %d", QUIET, run.size(), outcomes)
            .isFalse();
        for (ConsumerRecord<byte[], byte[]> record : polled) {
          if (record.topic().equals(topics.predictions())) {
            run.predictions().add(predictionDecoder.decode(record.value()));
          } else {
            run.deadLetters().add(letterDecoder.decode(record.value()));
          }
        }
      }
    }
    return run;
  }

  private int size() {
    return predictions.size() + deadLetters.size();
  }
}
