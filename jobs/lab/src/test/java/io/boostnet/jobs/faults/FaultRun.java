package io.boostnet.jobs.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.boostnet.jobs.accounts.Accounts;
import io.boostnet.jobs.broker.Await;
import io.boostnet.jobs.cluster.LocalCluster;
import io.boostnet.jobs.format.FormatConfig;
import io.boostnet.jobs.format.FrameFormat;
import io.boostnet.jobs.format.OutcomeFormat;
import io.boostnet.jobs.serve.TopicConfig;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * The job on a cluster, with traffic, and a reader that keeps the accounts, through one fault. On
 * topics of its own. For one thread.
 */
final class FaultRun implements Closeable {

  /** Cluster and broker may be slow, the machine may be busy: waiting long decides nothing. */
  private static final Duration PATIENCE = Duration.ofSeconds(240);

  private static final Path JAR = Path.of("target", "boostnet-job.jar");
  private static final Path BUNDLE = Path.of("demo", "models", "gtsrb-msdnet");
  private static final double BUDGET = 0.6;
  private static final int PARTITIONS = 2;

  /** Predictions before the fault, so that it meets a job at work. */
  private static final int HEALTHY = 150;

  /** And as many after it. */
  private static final int HEALED = 150;

  /** A part of the fault. */
  @FunctionalInterface
  interface Action {
    void run() throws Exception;
  }

  /**
   * How the job is set up.
   *
   * @param parallelism its subtasks
   * @param microBatch rows of a micro-batch
   * @param format what the records of its topics are
   */
  record Setting(int parallelism, int microBatch, FormatConfig format) {

    /** Avro in and out. */
    Setting(int parallelism, int microBatch) {
      this(parallelism, microBatch, FormatConfig.DEFAULT);
    }

    /** The same with other formats. */
    Setting with(FrameFormat frames, OutcomeFormat outcomes) {
      return new Setting(parallelism, microBatch, FormatConfig.of(frames, outcomes));
    }
  }

  private final LocalCluster cluster;
  private final String fault;
  private final String name;
  private final String bootstrapOfJob;
  private final TopicConfig topics;
  private final Accounts accounts = new Accounts();
  private final OutcomeFollower outcomes;
  private final Traffic traffic;
  private String job;
  private Instant began = Instant.EPOCH;
  private Instant ended = Instant.EPOCH;

  /** A frame published after this was not decided before the fault. */
  private Instant mark = Instant.EPOCH;

  private long failedBefore;

  /**
   * Starts traffic and the job.
   *
   * @param fault what is going to happen, for the table
   * @param bootstrapOfJob where the job, and it alone, finds the broker
   */
  FaultRun(
      LocalCluster cluster,
      String fault,
      String bootstrapOfJob,
      Setting setting,
      Traffic.Kind traffic) {
    this.cluster = cluster;
    this.fault = fault;
    this.name = fault.replaceAll("[^A-Za-z0-9]+", "-");
    this.bootstrapOfJob = bootstrapOfJob;
    this.topics =
        new TopicConfig(
            name + "-frames",
            name + "-predictions",
            name + "-dead-letters",
            name + "-control",
            name + "-events");
    cluster
        .kafka()
        .ensureTopics(
            Map.of(
                topics.frames(), PARTITIONS,
                topics.predictions(), PARTITIONS,
                topics.deadLetters(), PARTITIONS,
                topics.controlEvents(), 1,
                topics.events(), PARTITIONS));
    this.outcomes = new OutcomeFollower(cluster.kafka(), topics, setting.format(), accounts);
    this.traffic =
        new Traffic(traffic, setting.format(), cluster.kafka(), topics.frames(), accounts);
    submit(setting, null);
  }

  private void submit(Setting setting, String savepoint) {
    List<String> arguments =
        List.of(
            "serve",
            "--bundle",
            BUNDLE.toAbsolutePath().normalize().toString(),
            "--pipeline",
            name,
            "--bootstrap",
            bootstrapOfJob,
            "--group",
            name,
            "--start",
            "earliest",
            "--frames-topic",
            topics.frames(),
            "--predictions-topic",
            topics.predictions(),
            "--dead-letters-topic",
            topics.deadLetters(),
            "--control-topic",
            topics.controlEvents(),
            "--events-topic",
            topics.events(),
            "--frames-format",
            setting.format().frames().toString(),
            "--outcomes-format",
            setting.format().outcomes().toString(),
            "--budget",
            "fixed:" + BUDGET,
            "--parallelism",
            String.valueOf(setting.parallelism()),
            "--micro-batch",
            String.valueOf(setting.microBatch()),
            "--linger-ms",
            "50",
            "--checkpoint-interval-ms",
            "1000",
            "--checkpoint-dir",
            checkpoints().toUri().toString());
    job = cluster.flink().submit(JAR, arguments, savepoint);
  }

  /** The job's id. */
  String job() {
    return job;
  }

  /** Where the job stores its checkpoints. */
  Path checkpoints() {
    try {
      return Files.createDirectories(cluster.checkpoints().resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until the job is at work and has something to be restored from. */
  FaultRun healthy() {
    await("a checkpoint", () -> cluster.flink().checkpoints(job).completed() > 0);
    await("predictions before the fault", () -> outcomes.predictions().size() >= HEALTHY);
    return this;
  }

  /** A blow: something breaks. What it takes to repair it is part of the recovery. */
  FaultRun strike(Action blow, Action repair) throws Exception {
    began = Instant.now();
    ended = began;
    blow.run();
    mark = Instant.now();
    repair.run();
    return this;
  }

  /** A fault that goes on: it begins, there is a sign that it was felt, and it ends. */
  FaultRun suffer(Action begin, Action felt, Action end) throws Exception {
    failedBefore = cluster.flink().checkpoints(job).failed();
    began = Instant.now();
    begin.run();
    mark = Instant.now();
    felt.run();
    ended = Instant.now();
    end.run();
    mark = Instant.now();
    return this;
  }

  /** Waits until the job, as the JobManager knows it, was restored from a checkpoint. */
  FaultRun restored() {
    await("the job is restored", () -> cluster.flink().checkpoints(job).restored() > 0);
    return this;
  }

  /** Stops the job with a savepoint, and returns where that is. */
  String stop() {
    return cluster.flink().stopWithSavepoint(job, cluster.savepoints().toUri().toString());
  }

  /** Starts the job from a savepoint in another setting. */
  void start(Setting setting, String savepoint) {
    submit(setting, savepoint);
  }

  /** Waits until many frames that were published during the fault are decided during the fault. */
  void awaitProgress() {
    await("predictions during the fault", () -> sinceMark().count() >= HEALED);
  }

  /** Waits until many more frames are decided, whatever their timestamps. */
  void awaitMore() {
    int before = outcomes.predictions().size();
    await("more predictions", () -> outcomes.predictions().size() >= before + HEALED);
  }

  /** Sets the clock of the cameras so far ahead of ours, or behind it where that is negative. */
  void setClockAhead(Duration ahead) {
    traffic.setClockAhead(ahead);
  }

  /** Waits until so many checkpoints have failed since the fault began, not at the job's start. */
  void awaitFailedCheckpoints(int count) {
    await(
        count + " failed checkpoints",
        () -> cluster.flink().checkpoints(job).failed() - failedBefore >= count);
  }

  private Stream<OutcomeFollower.Seen> sinceMark() {
    return outcomes.predictions().stream()
        .filter(seen -> traffic.isPublishedAfter(seen.key(), mark));
  }

  /**
   * Waits for the recovery, ends traffic and job, waits until every record is accounted for, and
   * balances the accounts.
   *
   * @return the row of the table; nothing is lost or doubled, or this fails
   */
  FaultRow settle() throws Exception {
    await("predictions after the fault", () -> sinceMark().count() >= HEALED);
    long bad = traffic.stop();
    Await.until(
        () ->
            "%d records without outcome of %d, %d predictions, %d dead letters"
                .formatted(
                    accounts.lost(),
                    accounts.published(),
                    accounts.predictions(),
                    accounts.deadLetters()),
        PATIENCE,
        () -> accounts.lost() == 0);
    stop();
    job = null;
    await("all transactions ended", outcomes::hasReadAll);

    EventChain.assertUnbroken(outcomes.events());
    FaultRow row = row();
    assertThat(row.lost()).as("lost").isZero();
    assertThat(row.doubled()).as("doubled").isZero();
    assertThat(row.deadLetters()).as("dead letters").isEqualTo((int) bad);
    assertThat(accounts.deadFrames()).as("dead letters of good frames").isZero();
    new BudgetBound(BUNDLE.toString(), BUDGET)
        .assertHolds(
            outcomes.predictions().stream().map(OutcomeFollower.Seen::prediction).toList());
    return row;
  }

  private static void await(String what, BooleanSupplier sign) {
    Await.until(what, PATIENCE, sign);
  }

  private FaultRow row() {
    Instant recovered =
        sinceMark().map(OutcomeFollower.Seen::seen).min(Instant::compareTo).orElseThrow();
    return new FaultRow(
        fault,
        seconds(began, ended),
        seconds(ended, recovered),
        accounts.published(),
        accounts.predictions(),
        accounts.deadLetters(),
        accounts.lost(),
        accounts.doubled(),
        outcomes.predictions().stream()
            .mapToDouble(seen -> seen.prediction().getCost())
            .average()
            .orElseThrow());
  }

  private static double seconds(Instant from, Instant to) {
    return Duration.between(from, to).toMillis() / 1000.0;
  }

  @Override
  public void close() {
    if (job != null) {
      cluster.flink().cancel(job);
    }
    traffic.close();
    outcomes.close();
  }
}
