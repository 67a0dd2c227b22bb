package io.boostnet.jobs.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.boostnet.flink.ModelBundle;
import io.boostnet.flink.budget.Budget;
import io.boostnet.jobs.broker.BrokerExtension;
import io.boostnet.jobs.format.FormatConfig;
import io.boostnet.jobs.format.FrameFormat;
import io.boostnet.jobs.format.OutcomeFormat;
import io.boostnet.jobs.kafka.KafkaAccess;
import io.boostnet.jobs.load.LoadGenerator;
import io.boostnet.jobs.load.LoadPlan;
import io.boostnet.jobs.load.LoadProfile.Phases;
import io.boostnet.jobs.load.LoadProfile.Phases.Phase;
import io.boostnet.jobs.load.LoadProfile.Steady;
import io.boostnet.jobs.serve.InferenceConfig;
import io.boostnet.jobs.serve.Preflight;
import io.boostnet.jobs.serve.ServeConfig;
import io.boostnet.jobs.serve.ServeJob;
import io.boostnet.jobs.serve.ServeRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.kafka.clients.producer.Producer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The Kafka job and the table under one burst of twice the capacity, in turns: {@code mvn verify
 * -Psql}, which writes {@code jobs/target/sql-burst-trial.txt}. A figure decides nothing.
 */
@Timeout(900)
@ExtendWith(BrokerExtension.class)
class SqlBurstTrial {

  private static final Path BUNDLE = Path.of("demo", "models", "gtsrb-msdnet");
  private static final Path FRAMES = Path.of("demo", "frames", "gtsrb-tracks.avro");
  private static final Path WRITTEN = Path.of("target", "sql-burst-trial.txt");
  private static final String BUDGET = "keep-up:0.25-0.8";
  private static final double[] SECONDS = {12, 10, 12};
  private static final double[] LOAD = {0.6, 2, 0.6};
  private static final String HIGHEST = "fixed:0.8";
  private static final int BACKLOG = 24_000;

  private final KafkaAccess kafka;

  SqlBurstTrial(KafkaAccess kafka) {
    this.kafka = kafka;
  }

  /** Something that writes predictions to a topic, in JSON under their names. */
  private interface Contender {
    JobClient start(String frames, String predictions) throws Exception;
  }

  @Test
  void burst_ofTwiceTheCapacity_costsTheTableWhatItCostsTheJob() throws Exception {
    double capacity = capacity();
    List<Phase> phases = new ArrayList<>();
    for (int i = 0; i < SECONDS.length; i++) {
      phases.add(new Phase(SECONDS[i], LOAD[i] * capacity));
    }
    List<String> lines = new ArrayList<>();
    lines.add("capacity at the highest cost: %.0f frames a second".formatted(capacity));
    for (int round = 1; round <= 2; round++) {
      lines.add(run("serve", round, phases, this::serve));
      lines.add(run("table", round, phases, this::table));
    }
    Files.write(WRITTEN, lines);
  }

  /** What the job does of a backlog at the highest cost that the budget allows, once it is warm. */
  private double capacity() throws Exception {
    String frames = "burst-capacity";
    String predictions = frames + "-predictions";
    kafka.ensureTopics(
        Map.of(frames, 2, predictions, 2, frames + "-dead-letters", 2, frames + "-control", 1));
    publish(new LoadPlan(FRAMES, frames, new Steady(BACKLOG), BACKLOG, 0));
    JobClient job = serve(frames, predictions, HIGHEST);
    double rate = WrittenTopic.read(kafka, predictions, BACKLOG).rate();
    job.cancel().get();
    return rate;
  }

  private String run(String name, int round, List<Phase> phases, Contender contender)
      throws Exception {
    String frames = "burst-" + name + "-" + round;
    String predictions = frames + "-predictions";
    kafka.ensureTopics(
        Map.of(frames, 2, predictions, 2, frames + "-dead-letters", 2, frames + "-control", 1));
    JobClient job = contender.start(frames, predictions);
    LoadPlan plan =
        LoadPlan.lasting(
            phases.stream().mapToDouble(Phase::seconds).sum(),
            FRAMES,
            frames,
            new Phases(phases),
            0);
    publish(plan);
    List<JsonNode> said = WrittenTopic.read(kafka, predictions, plan.count()).values();
    job.cancel().get();
    assertThat(said).hasSize((int) plan.count());
    return name + " " + round + ": " + figures(said, phases);
  }

  private void publish(LoadPlan plan) throws Exception {
    try (Producer<byte[], byte[]> producer = kafka.producer()) {
      new LoadGenerator(plan, producer, (source, sequence, partition, offset) -> {}).run();
    }
  }

  private JobClient serve(String frames, String predictions) throws Exception {
    return serve(frames, predictions, BUDGET);
  }

  private JobClient serve(String frames, String predictions, String budget) throws Exception {
    ServeConfig plain = ServeRun.config(frames, kafka, BUNDLE.toString(), frames, 1);
    ServeConfig config =
        new ServeConfig(
            plain.bundle(),
            plain.pipeline(),
            plain.kafka().with(FormatConfig.of(FrameFormat.AVRO, OutcomeFormat.JSON)),
            InferenceConfig.DEFAULT.withBudget(Budget.parse(budget)),
            plain.job(),
            plain.events());
    ServeJob job = Preflight.prepare(config, true, new Configuration(), line -> {});
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.getExecutionEnvironment(ServeJob.flinkOptions(config));
    job.wire(env);
    return env.executeAsync(frames);
  }

  private JobClient table(String frames, String predictions) throws Exception {
    TableEnvironment env = TableEnvironment.create(EnvironmentSettings.inStreamingMode());
    env.getConfig().set("parallelism.default", "1");
    env.getConfig().set("pipeline.object-reuse", "true");
    env.getConfig().set("execution.checkpointing.interval", "1 s");
    String columns = "sequence BIGINT, timestampMs BIGINT, `exit` INT, cost DOUBLE";
    env.executeSql(
        """
        CREATE TABLE predictions (%s) WITH ('connector' = 'boostnet', 'bundle' = '%s',
          'kafka.bootstrapServers' = '%s', 'kafka.topics.frames' = '%s',
          'kafka.topics.deadLetters' = '%s-dead-letters',
          'kafka.topics.controlEvents' = '%s-control',
          'pipeline' = '%s', 'inference.budget' = '%s')
        """
            .formatted(
                columns,
                BUNDLE.toRealPath(),
                kafka.bootstrapServers(),
                frames,
                frames,
                frames,
                frames,
                BUDGET));
    env.executeSql(
        """
        CREATE TABLE said (%s) WITH ('connector' = 'kafka', 'topic' = '%s',
          'properties.bootstrap.servers' = '%s', 'format' = 'json')
        """
            .formatted(columns, predictions, kafka.bootstrapServers()));
    return env.executeSql("INSERT INTO said SELECT * FROM predictions").getJobClient().get();
  }

  private String figures(List<JsonNode> said, List<Phase> phases) throws Exception {
    int exits = bundle().cascade().exits();
    long first = said.stream().mapToLong(each -> each.get("timestampMs").asLong()).min().orElse(0);
    StringBuilder text = new StringBuilder();
    double from = 0;
    for (Phase phase : phases) {
      double[] shares = new double[exits];
      double cost = 0;
      int frames = 0;
      for (JsonNode each : said) {
        double at = (each.get("timestampMs").asLong() - first) / 1e3;
        if (at >= from && at < from + phase.seconds()) {
          frames++;
          cost += each.get("cost").asDouble();
          shares[each.get("exit").asInt() - 1]++;
        }
      }
      text.append("%.0f/s cost %.3f exits".formatted(phase.rate(), cost / frames));
      for (double share : shares) {
        text.append(" %.2f".formatted(share / frames));
      }
      text.append("; ");
      from += phase.seconds();
    }
    return text.toString();
  }

  private static ModelBundle bundle() {
    return ModelBundle.read(BUNDLE.toString());
  }
}
