package io.boostnet.jobs.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.boostnet.jobs.Frames;
import io.boostnet.jobs.TestBundle;
import io.boostnet.jobs.broker.Await;
import io.boostnet.jobs.broker.BrokerExtension;
import io.boostnet.jobs.config.ConfigException;
import io.boostnet.jobs.kafka.KafkaAccess;
import io.boostnet.jobs.kafka.PipelineLease;
import io.boostnet.schema.ImageFrame;
import io.boostnet.schema.Prediction;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
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

/** Several jobs on one broker, one after the other or at once. */
@ExtendWith(BrokerExtension.class)
@Timeout(180)
class SharedBrokerITCase {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int CHECKPOINT_MS = 500;

  private final KafkaAccess kafka;
  private final List<JobClient> jobs = new ArrayList<>();

  @TempDir Path directory;

  SharedBrokerITCase(KafkaAccess kafka) {
    this.kafka = kafka;
  }

  @Test
  void serve_twoPipelinesOfOneName_neitherFencesTheOther() throws Exception {
    ServeConfig front = config("one", "front", CHECKPOINT_MS);
    ServeConfig back = config("one", "back", CHECKPOINT_MS);
    JobClient first = start(front, TransactionalIds.CURRENT, null);
    publish(front, 0, 5);
    assertThat(committed(front, 5)).hasSize(5);
    JobClient second = start(back, TransactionalIds.CURRENT, null);
    publish(back, 0, 5);
    assertThat(committed(back, 5)).hasSize(5);

    publish(front, 5, 5);
    publish(back, 5, 5);

    assertThat(committed(front, 10)).hasSize(10);
    assertThat(committed(back, 10)).hasSize(10);
    end(first, second);
  }

  @Test
  void prepare_jobOfThatNameRuns_refusesUntilItHasEnded() throws Exception {
    ServeConfig config = config("taken", "taken", CHECKPOINT_MS);
    JobClient first = start(config, TransactionalIds.CURRENT, null);
    Await.until("the job is seen", PATIENCE, () -> members("taken") == 1);

    assertThatThrownBy(() -> Preflight.prepare(config, true, new Configuration(), line -> {}))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("A job named taken runs already on the brokers at")
        .hasMessageContaining("stop it, or give this one another pipeline");

    end(first);
    Preflight.prepare(config, true, new Configuration(), line -> {});
  }

  /** As builds before this one named them. */
  private static final TransactionalIds EARLIER =
      (config, topic) -> config.pipeline() + "-" + topic;

  @Test
  void restore_savepointWithEarlierTransactionalIds_losesAndDoublesNothing() throws Exception {
    // A checkpoint is never due: what comes after the savepoint stays in a transaction of the
    // earlier name, which the new job must abort, or no reader of committed records gets past it.
    ServeConfig config = config("renamed", "renamed", 300_000);
    JobClient before = start(config, EARLIER, null);
    publish(config, 0, 20);
    Await.until("20 predictions", PATIENCE, () -> end(config, "read_uncommitted") >= 20);
    String savepoint =
        before
            .triggerSavepoint(directory.toUri().toString(), SavepointFormatType.CANONICAL)
            .get(60, TimeUnit.SECONDS);
    publish(config, 20, 20);
    Await.until("40 predictions", PATIENCE, () -> end(config, "read_uncommitted") >= 40);
    end(before);

    ServeConfig after = config("renamed", "renamed", CHECKPOINT_MS);
    JobClient restored = start(after, TransactionalIds.CURRENT, savepoint);

    assertThat(committed(after, 40).stream().map(Prediction::getSequence).sorted())
        .containsExactlyElementsOf(IntStream.range(0, 40).mapToObj(Long::valueOf).toList());
    end(restored);
  }

  private ServeConfig config(String pipeline, String topics, int checkpointMs) {
    kafka.ensureTopics(
        Map.of(
            topics + "-frames", 1,
            topics + "-predictions", 1,
            pipeline + "-dead-letters", 1,
            pipeline + "-control", 1));
    return new ServeConfig(
        TestBundle.DIRECTORY.toString(),
        pipeline,
        new KafkaConfig(
            kafka.bootstrapServers(),
            topics,
            StartOffsets.of("earliest"),
            Delivery.EXACTLY_ONCE,
            new TopicConfig(
                topics + "-frames",
                topics + "-predictions",
                pipeline + "-dead-letters",
                pipeline + "-control"),
            null,
            null),
        null,
        new JobConfig(1, checkpointMs, null, null, null));
  }

  private JobClient start(ServeConfig config, TransactionalIds ids, String savepoint)
      throws Exception {
    Configuration flink = ServeJob.flinkOptions(config);
    flink.set(RestartStrategyOptions.RESTART_STRATEGY, "disable");
    if (savepoint != null) {
      flink.set(StateRecoveryOptions.SAVEPOINT_PATH, savepoint);
    }
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(flink);
    new ServeJob(config, Inferences.of(config), kafka, ids).wire(env);
    JobClient job = env.executeAsync(config.pipeline());
    jobs.add(job);
    return job;
  }

  private static void end(JobClient... running) throws Exception {
    for (JobClient job : running) {
      assertThat(job.getJobExecutionResult()).as("the job runs still").isNotDone();
      job.cancel().get(60, TimeUnit.SECONDS);
      job.getJobExecutionResult().handle((result, cancelled) -> null).get(60, TimeUnit.SECONDS);
    }
  }

  /** Publishes frames, and as many records that are none. */
  private void publish(ServeConfig config, int first, int count) throws Exception {
    String topic = config.kafka().topics().frames();
    try (Producer<byte[], byte[]> producer = kafka.producer()) {
      for (int i = first; i < first + count; i++) {
        byte[] value = ImageFrame.getEncoder().encode(Frames.noise("a", i)).array();
        producer.send(new ProducerRecord<>(topic, value)).get();
        producer.send(new ProducerRecord<>(topic, new byte[] {1})).get();
      }
    }
  }

  private long end(ServeConfig config, String isolation) {
    try (KafkaConsumer<byte[], byte[]> consumer = consumer(isolation)) {
      TopicPartition partition = new TopicPartition(config.kafka().topics().predictions(), 0);
      return consumer.endOffsets(List.of(partition)).get(partition);
    }
  }

  /** Reads committed predictions until there are so many. */
  private List<Prediction> committed(ServeConfig config, int count) throws Exception {
    List<Prediction> predictions = new ArrayList<>();
    TopicPartition partition = new TopicPartition(config.kafka().topics().predictions(), 0);
    try (KafkaConsumer<byte[], byte[]> consumer = consumer("read_committed")) {
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      while (predictions.size() < count) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
          predictions.add(Prediction.getDecoder().decode(record.value()));
        }
        assertThat(jobs.get(jobs.size() - 1).getJobExecutionResult()).as("the job").isNotDone();
        assertThat(System.nanoTime())
            .as("%d of %d committed predictions", predictions.size(), count)
            .isLessThan(deadline);
      }
    }
    return predictions;
  }

  private KafkaConsumer<byte[], byte[]> consumer(String isolation) {
    Properties properties = kafka.properties();
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, isolation);
    return new KafkaConsumer<>(
        properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  private int members(String pipeline) {
    String group = PipelineLease.group(pipeline);
    try (Admin admin = Admin.create(kafka.properties())) {
      return admin
          .describeConsumerGroups(List.of(group))
          .describedGroups()
          .get(group)
          .get()
          .members()
          .size();
    } catch (Exception e) {
      return 0; // not known yet
    }
  }
}
