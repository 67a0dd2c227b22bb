package io.boostnet.jobs.trial;

import com.fasterxml.jackson.databind.JsonNode;
import io.boostnet.jobs.broker.Await;
import io.boostnet.jobs.cluster.ClusterPlan;
import io.boostnet.jobs.cluster.LocalCluster;
import io.boostnet.jobs.config.ConfigException;
import io.boostnet.jobs.load.LoadGenerator;
import io.boostnet.jobs.load.LoadPlan;
import io.boostnet.jobs.load.LoadProfile;
import io.boostnet.jobs.load.LoadReport;
import io.boostnet.jobs.outcomes.OutcomeReader;
import io.boostnet.jobs.run.RunFigures;
import io.boostnet.jobs.run.RunReport;
import io.boostnet.jobs.run.Watched;
import io.boostnet.jobs.serve.TopicConfig;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.IsolationLevel;

/**
 * The Kafka job on a cluster of processes whose parallelism an autoscaler may move: a broker, a
 * JobManager with the adaptive scheduler, two TaskManagers of one slot. For one thread.
 */
final class AutoscalingRun implements Closeable {

  /** Slots of the cluster, and partitions of the topics. */
  static final int SLOTS = 2;

  /** How often the autoscaler evaluates. */
  static final int EVERY_SECONDS = 2;

  private static final int CHECKPOINT_MS = 2000;
  private static final double FILL_RATE = 4000;
  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration START_WITHIN = Duration.ofSeconds(60);
  private static final Duration OUTCOMES_WITHIN = Duration.ofSeconds(60);

  /** Frames are fetched by the handful: one by one costs broker and job as much as the network. */
  private static final String CLIENT = "fetch.min.bytes=16384\nfetch.max.wait.ms=50\n";

  private final Trial trial;
  private final LocalCluster cluster;
  private final Path jar;

  /**
   * What a run came to.
   *
   * @param report every frame accounted for
   * @param recording what came out
   * @param slots slots in use over time
   * @param journal what the autoscaler saw and did
   */
  record Result(RunReport report, Recording recording, Course slots, Journal journal) {}

  /**
   * The autoscaler's journal.
   *
   * @param evaluations of every vertex, see the module {@code autoscaler}
   * @param scalings changes of parallelism
   */
  record Journal(List<JsonNode> evaluations, List<JsonNode> scalings) {}

  private AutoscalingRun(Trial trial, LocalCluster cluster, Path jar) {
    this.trial = trial;
    this.cluster = cluster;
    this.jar = jar;
  }

  /** Starts the cluster. */
  static AutoscalingRun start(Trial trial) throws IOException {
    Path root = Path.of(System.getProperty("boostnet.root", "."));
    Path jar = root.resolve("jobs/target/boostnet-job.jar");
    if (!Files.exists(jar)) {
      throw new ConfigException(
          "The job jar " + jar + " does not exist; make it with mvn package.");
    }
    ClusterPlan plan =
        ClusterPlan.of(SLOTS, 1)
            .withFlinkOption("jobmanager.scheduler", "adaptive")
            // By default 30 s pass from one rescaling to the next.
            .withFlinkOption(
                "jobmanager.adaptive-scheduler.executing.cooldown-after-rescaling", "5 s")
            // Metrics on the JobManager are by default up to 10 s old.
            .withFlinkOption("metrics.fetcher.update-interval", "1 s");
    trial.console().accept("starting a broker, a JobManager and %d TaskManagers".formatted(SLOTS));
    Path directory = root.resolve("target/autoscaling-cluster");
    LocalCluster.in(directory).ifPresent(LocalCluster::delete);
    LocalCluster cluster = LocalCluster.start(directory, plan, LocalCluster.Lifetime.OF_THIS_JVM);
    Files.writeString(cluster.directory().resolve("client.properties"), CLIENT);
    return new AutoscalingRun(trial, cluster, jar);
  }

  /**
   * Frames per second that slots decide at a share of the full network's cost, while their threads
   * are always busy: they work off a topic that was filled before.
   */
  double capacity(double share, int slots, int frames) throws Exception {
    trial
        .console()
        .accept(
            "measuring the capacity of %d slots at %.2f of the full cost".formatted(slots, share));
    TopicConfig topics = topics("capacity-of-" + slots);
    RunFigures figures = new RunFigures(trial.bundle().cascade().exits());
    publish(
        new LoadPlan(trial.frames(), topics.frames(), new LoadProfile.Steady(FILL_RATE), frames, 0),
        figures);
    String job =
        submit("capacity-of-" + slots, topics, "keep-up:%s-%s".formatted(share, share), slots);
    Recording recording = new Recording();
    read(topics, figures, recording);
    cluster.flink().cancel(job);
    double[] decided =
        recording.frames().stream().mapToDouble(Recording.Decided::decided).sorted().toArray();
    // Without the start, and before the end runs dry.
    int from = decided.length / 2;
    int until = decided.length * 19 / 20;
    return (until - from) / (decided[until] - decided[from]);
  }

  /** Runs the job under a load while the autoscaler scales it. */
  Result run(String budget, LoadProfile.Phases load, Map<String, String> autoscaler)
      throws Exception {
    TopicConfig topics = topics("autoscaling");
    RunFigures figures = new RunFigures(trial.bundle().cascade().exits());
    String job = submit("autoscaling", topics, budget, 1);
    Recording recording = new Recording();
    try (SlotWatch slots = new SlotWatch(() -> cluster.flink().slots(job));
        AutoscalerProcess scaler =
            AutoscalerProcess.start(cluster.flink().url(), job, EVERY_SECONDS, autoscaler)) {
      LoadPlan plan = LoadPlan.lasting(load.seconds(), trial.frames(), topics.frames(), load, 0);
      trial
          .console()
          .accept("publishing %,d frames in %.0f s".formatted(plan.count(), load.seconds()));
      LoadReport published = publish(plan, figures);
      if (!scaler.isAlive()) {
        throw new IllegalStateException("the autoscaler ended; see target/logs/autoscaler.log");
      }
      read(topics, figures, recording);
      RunReport.Setting setting =
          new RunReport.Setting(
              trial.bundle().cascade().name(), budget, published.plannedRate(), 1, CHECKPOINT_MS);
      return new Result(
          figures.report(published, setting),
          recording,
          slots.course(recording.startMs()),
          new Journal(scaler.entries("evaluation"), scaler.entries("scaling")));
    }
  }

  private TopicConfig topics(String run) {
    TopicConfig topics =
        new TopicConfig(
            run + "-frames", run + "-predictions", run + "-dead-letters", run + "-control-events");
    cluster
        .kafka()
        .ensureTopics(
            Map.of(
                topics.frames(), SLOTS,
                topics.predictions(), SLOTS,
                topics.deadLetters(), SLOTS,
                topics.controlEvents(), 1));
    return topics;
  }

  private String submit(String run, TopicConfig topics, String budget, int slots) {
    String job =
        cluster
            .flink()
            .submit(
                jar,
                List.of(
                    "serve",
                    "--bundle=" + Path.of(trial.location()).toAbsolutePath(),
                    "--device=cpu",
                    "--pipeline=" + run,
                    "--group=" + run,
                    "--bootstrap=" + cluster.kafka().bootstrapServers(),
                    "--client-properties=" + cluster.directory().resolve("client.properties"),
                    "--start=earliest",
                    "--frames-topic=" + topics.frames(),
                    "--predictions-topic=" + topics.predictions(),
                    "--dead-letters-topic=" + topics.deadLetters(),
                    "--control-topic=" + topics.controlEvents(),
                    "--budget=" + budget,
                    "--parallelism=" + slots,
                    "--checkpoint-interval-ms=" + CHECKPOINT_MS),
                null);
    Await.until("job " + job, START_WITHIN, () -> cluster.flink().slots(job) == slots);
    return job;
  }

  private LoadReport publish(LoadPlan plan, RunFigures figures) {
    try (Producer<byte[], byte[]> producer = cluster.kafka().producer()) {
      return new LoadGenerator(plan, producer, figures).run();
    }
  }

  /** Reads what came out once the load is over, so that reading takes no time from the job. */
  private void read(TopicConfig topics, RunFigures figures, Recording recording) {
    try (OutcomeReader reader =
        new OutcomeReader(
            cluster.kafka(),
            topics,
            List.of(topics.predictions(), topics.deadLetters(), topics.controlEvents()),
            IsolationLevel.READ_COMMITTED,
            new Watched(figures, recording::add, recording::add))) {
      Await.until(
          "outcomes of all frames",
          OUTCOMES_WITHIN,
          () -> {
            reader.drain(POLL);
            return figures.isSettled();
          });
    }
  }

  /** Stops the cluster; logs and data stay until the next run. */
  @Override
  public void close() {
    cluster.close();
  }
}
