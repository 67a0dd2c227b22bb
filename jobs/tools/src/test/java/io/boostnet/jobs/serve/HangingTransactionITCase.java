package io.boostnet.jobs.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.boostnet.flink.budget.Budget;
import io.boostnet.jobs.Frames;
import io.boostnet.jobs.TestBundle;
import io.boostnet.jobs.broker.Await;
import io.boostnet.jobs.broker.BrokerExtension;
import io.boostnet.jobs.files.FrameFile;
import io.boostnet.jobs.kafka.KafkaAccess;
import io.boostnet.jobs.outcomes.OutcomeListener;
import io.boostnet.jobs.outcomes.OutcomeReader;
import io.boostnet.schema.ControlEvent;
import io.boostnet.schema.ImageFrame;
import io.boostnet.schema.Prediction;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A producer of frames that does not end its transaction, and one whose clock is off. */
@ExtendWith(BrokerExtension.class)
@Timeout(180)
class HangingTransactionITCase {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration POLL = Duration.ofMillis(100);
  private static final Path DEMO = Path.of("demo");

  private final KafkaAccess kafka;

  HangingTransactionITCase(KafkaAccess kafka) {
    this.kafka = kafka;
  }

  @Test
  void metrics_whileATransactionHangs_tellWhatTheLagDoesNot() throws Exception {
    ServeConfig config = config("hanging", TestBundle.DIRECTORY, "earliest", null);
    try (Job job = new Job(config);
        Producer<byte[], byte[]> producer = transactional("hanging")) {
      publish(producer, config, 25);
      producer.commitTransaction();
      job.awaitPredictions(25);

      publish(producer, config, 25);

      job.awaitMetric("uncommittedRecords", value -> value == 25);
      job.awaitMetric("uncommittedAgeMs", value -> value > 0);
      assertThat(job.metric("pendingRecords")).as("lag").isZero();
      assertThat(job.predictions).hasSize(25);

      producer.commitTransaction();
      job.awaitPredictions(50);
      job.awaitMetric("uncommittedRecords", value -> value == 0);
    }
  }

  @Test
  void latest_transactionOpenAtTheStart_readsWhatItCommits() throws Exception {
    ServeConfig config = config("latest", TestBundle.DIRECTORY, "latest", null);
    try (Producer<byte[], byte[]> producer = transactional("latest")) {
      publish(producer, config, 25);
      producer.commitTransaction();
      publish(producer, config, 25);
      try (Job job = new Job(config)) {
        job.awaitMetric("uncommittedRecords", value -> value == 25);
        producer.commitTransaction();
        job.awaitPredictions(25);
        assertThat(job.predictions)
            .extracting(Prediction::getSequence)
            .contains(25L, 49L)
            .doesNotContain(0L, 24L);
      }
    }
  }

  @Test
  void keepUp_transactionEnds_spendsLessUntilTheBacklogIsGone() throws Exception {
    ServeConfig config =
        config("ending", DEMO.resolve("models/gtsrb-msdnet"), "earliest", "keep-up:0.3-0.8");
    try (Job job = new Job(config);
        Producer<byte[], byte[]> producer = transactional("ending")) {
      publish(producer, config, 25);
      producer.commitTransaction();
      job.awaitPredictions(25);
      Await.until("the target budget", PATIENCE, () -> job.readOn().budget() >= 0.79);

      List<ImageFrame> images = images(12_000);
      long first = System.currentTimeMillis();
      publish(producer, config, images);
      Await.until(
          "a transaction as old as a backlog",
          PATIENCE,
          () -> System.currentTimeMillis() - first > 12_000);
      int before = job.events.size();
      producer.commitTransaction();
      long ended = System.currentTimeMillis();
      job.awaitPredictions(12_025);
      Await.until("the target budget again", PATIENCE, () -> job.readOn().budget() >= 0.79);

      List<ControlEvent> since = job.events.subList(before, job.events.size());
      ControlEvent least =
          since.stream()
              .min((one, other) -> Double.compare(one.getBudget(), other.getBudget()))
              .orElseThrow();
      System.out.printf(
          "when the transaction ended: budget %.2f after %.1f s, backlog %.1f s old; all %d frames decided after %.1f s; at the target again after %.1f s%n",
          least.getBudget(),
          (least.getTimestampMs() - ended) / 1e3,
          since.stream().mapToLong(ControlEvent::getBacklogAgeMs).max().orElseThrow() / 1e3,
          images.size(),
          (job.predictions.stream().mapToLong(Prediction::getDecidedAtMs).max().orElseThrow()
                  - ended)
              / 1e3,
          (since.get(since.size() - 1).getTimestampMs() - ended) / 1e3);
      assertThat(least.getBudget()).as("exit 1 alone costs 0.49").isLessThan(0.65);
    }
  }

  @Test
  void serve_cameraClockHoursOff_isServed() throws Exception {
    ServeConfig config = config("clock", TestBundle.DIRECTORY, "earliest", null);
    long hours = TimeUnit.HOURS.toMillis(5);
    try (Job job = new Job(config);
        Producer<byte[], byte[]> producer = kafka.producer()) {
      for (long ahead : new long[] {hours, -hours, 400 * hours}) {
        ImageFrame frame = Frames.noise("a", 0);
        frame.setTimestampMs(System.currentTimeMillis() + ahead);
        send(producer, config, frame);
      }
      job.awaitPredictions(3);
    }
  }

  private ServeConfig config(String name, Path bundle, String start, String budget) {
    ServeConfig config = ServeRun.config(name, kafka, bundle.toString(), name + "-frames", 1);
    TopicConfig topics = config.kafka().topics();
    kafka.ensureTopics(
        Map.of(
            topics.frames(), 1,
            topics.predictions(), 2,
            topics.deadLetters(), 2,
            topics.controlEvents(), 1));
    KafkaConfig from = config.kafka();
    return new ServeConfig(
        config.bundle(),
        name,
        new KafkaConfig(
            from.bootstrapServers(),
            from.groupId(),
            StartOffsets.of(start),
            from.delivery(),
            topics,
            null,
            null),
        budget == null ? null : InferenceConfig.DEFAULT.withBudget(Budget.parse(budget)),
        config.job());
  }

  /** In a transaction that has begun. */
  private KafkaProducer<byte[], byte[]> transactional(String id) {
    Properties properties = kafka.properties();
    properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "upstream-" + id);
    KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    producer.initTransactions();
    return producer;
  }

  private int sequence;

  private void publish(Producer<byte[], byte[]> producer, ServeConfig config, int count)
      throws IOException {
    List<ImageFrame> frames = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      frames.add(Frames.noise("a", sequence++));
    }
    publish(producer, config, frames);
  }

  private void publish(
      Producer<byte[], byte[]> producer, ServeConfig config, List<ImageFrame> frames)
      throws IOException {
    producer.beginTransaction();
    for (ImageFrame frame : frames) {
      frame.setTimestampMs(System.currentTimeMillis());
      send(producer, config, frame);
    }
    producer.flush();
  }

  private static void send(Producer<byte[], byte[]> producer, ServeConfig config, ImageFrame frame)
      throws IOException {
    byte[] value = ImageFrame.getEncoder().encode(frame).array();
    producer.send(new ProducerRecord<>(config.kafka().topics().frames(), value));
  }

  private static List<ImageFrame> images(int count) {
    List<ImageFrame> images = new ArrayList<>();
    while (images.size() < count) { // over and over
      try (FrameFile file = FrameFile.open(DEMO.resolve("frames/gtsrb-tracks.avro"))) {
        while (images.size() < count && file.hasNext()) {
          ImageFrame frame = file.next();
          images.add(
              ImageFrame.newBuilder(frame).setSequence(images.size()).setSourceId("b").build());
        }
      }
    }
    return images;
  }

  /** A job in this process, what it wrote, and its metrics. */
  private final class Job implements AutoCloseable, OutcomeListener {

    private final List<Prediction> predictions = new ArrayList<>();
    private final List<ControlEvent> events = new ArrayList<>();
    private final int metricsPort = LocalFlink.chooseMetricsPort(0);
    private final OutcomeReader reader;
    private final JobClient client;

    Job(ServeConfig config) throws Exception {
      TopicConfig topics = config.kafka().topics();
      reader =
          new OutcomeReader(
              kafka,
              topics,
              List.of(topics.predictions(), topics.controlEvents()),
              IsolationLevel.READ_COMMITTED,
              this);
      Configuration flink = ServeJob.flinkOptions(config);
      LocalFlink.serveMetrics(flink, metricsPort);
      StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(flink);
      new ServeJob(config, Inferences.of(config), kafka).wire(env);
      client = env.executeAsync(config.pipeline());
    }

    @Override
    public void prediction(Prediction prediction) {
      predictions.add(prediction);
    }

    @Override
    public void controlEvent(ControlEvent event) {
      events.add(event);
    }

    Job readOn() {
      reader.poll(POLL);
      return this;
    }

    /** Of the latest control event; 0 before the first. */
    double budget() {
      return events.isEmpty() ? 0 : events.get(events.size() - 1).getBudget();
    }

    void awaitPredictions(int count) {
      Await.until(
          () -> predictions.size() + " of " + count + " predictions",
          PATIENCE,
          () -> readOn().predictions.size() >= count);
    }

    void awaitMetric(String name, java.util.function.DoublePredicate holds) {
      Await.until(() -> name + " is " + metric(name), PATIENCE, () -> holds.test(metric(name)));
    }

    /** Of the job's only subtask that has it; NaN where there is none yet. */
    double metric(String name) {
      try (InputStream in =
          URI.create("http://localhost:" + metricsPort + "/metrics").toURL().openStream()) {
        Matcher line =
            Pattern.compile("(?m)^flink_taskmanager_job_task_operator_" + name + "\\{.*\\} (\\S+)$")
                .matcher(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        return line.find() ? Double.parseDouble(line.group(1)) : Double.NaN;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void close() throws Exception {
      client.cancel().get(30, TimeUnit.SECONDS);
      client.getJobExecutionResult().handle((result, gone) -> null).get(30, TimeUnit.SECONDS);
      reader.close();
    }
  }
}
