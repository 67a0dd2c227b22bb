package io.boostnet.jobs.run;

import io.boostnet.flink.EarlyExitInference;
import io.boostnet.jobs.broker.EmbeddedBroker;
import io.boostnet.jobs.dashboard.LivePage;
import io.boostnet.jobs.kafka.KafkaAccess;
import io.boostnet.jobs.load.LoadGenerator;
import io.boostnet.jobs.load.LoadPlan;
import io.boostnet.jobs.load.LoadReport;
import io.boostnet.jobs.outcomes.OutcomeListener;
import io.boostnet.jobs.outcomes.OutcomeReader;
import io.boostnet.jobs.serve.Delivery;
import io.boostnet.jobs.serve.InferenceConfig;
import io.boostnet.jobs.serve.JobConfig;
import io.boostnet.jobs.serve.KafkaConfig;
import io.boostnet.jobs.serve.LocalFlink;
import io.boostnet.jobs.serve.ServeConfig;
import io.boostnet.jobs.serve.ServeJob;
import io.boostnet.jobs.serve.StartOffsets;
import io.boostnet.jobs.serve.TopicConfig;
import io.boostnet.schema.ControlEvent;
import io.boostnet.schema.Prediction;
import java.io.Closeable;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.IsolationLevel;

/**
 * One run of the main job on an embedded broker: load, job, and a reader that keeps the accounts,
 * all in this JVM. Used by one thread; {@link #close} stops job and broker.
 */
public final class JobRun implements Closeable {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final Duration POLL = Duration.ofMillis(100);

  private static final Duration CANCEL_WITHIN = Duration.ofSeconds(30);

  private final EmbeddedBroker broker = EmbeddedBroker.start();
  private final KafkaAccess kafka = KafkaAccess.to(broker.bootstrapServers());
  private final Consumer<String> console;
  private Consumer<Prediction> predictions = prediction -> {};
  private Consumer<ControlEvent> controlEvents = event -> {};
  private Duration patience = PATIENCE;
  private JobClient job;
  private CompletableFuture<JobExecutionResult> jobEnd;

  /**
   * Starts the broker.
   *
   * @param console receives lines for a person who watches
   */
  public JobRun(Consumer<String> console) {
    this.console = console;
  }

  /** Where the broker is. */
  public String bootstrapServers() {
    return broker.bootstrapServers();
  }

  /** Starts the live page of the run; the caller closes it. */
  public LivePage page(TopicConfig topics, int port) {
    LivePage page = LivePage.start(kafka, topics, "localhost", port);
    console.accept("Live page: " + page.url());
    return page;
  }

  /** Also hands on everything that is read back, on the thread that {@link #run}s. */
  public JobRun watching(Consumer<Prediction> predicted, Consumer<ControlEvent> controlled) {
    predictions = predicted;
    controlEvents = controlled;
    return this;
  }

  /**
   * Runs the job under a load until every frame has its outcome.
   *
   * @param config the job; its brokers must be {@link #bootstrapServers}
   * @throws Exception where the job fails or stops making progress
   */
  public RunReport run(ServeConfig config, EarlyExitInference inference, LoadPlan plan)
      throws Exception {
    patience = patience(config.job().checkpointIntervalMs());
    TopicConfig topics = config.kafka().topics();
    int partitions = config.kafka().partitions();
    kafka.ensureTopics(
        Map.of(
            topics.frames(), partitions,
            topics.predictions(), partitions,
            topics.deadLetters(), partitions,
            topics.controlEvents(), 1));
    RunFigures figures = new RunFigures(inference.cascade().exits());
    try (OutcomeReader reader = reader(topics, figures)) {
      start(config, inference);
      if (!follow(reader, figures, figures::hasControlEvents, Long.MAX_VALUE)) {
        throw new IllegalStateException("the job did not start within " + patience);
      }
      console.accept("The job runs; publishing %,d frames.".formatted(plan.count()));

      LoadReport load = runLoad(plan, reader, figures);
      follow(reader, figures, figures::isSettled, 5);
      cancel();
      reader.drain(POLL);
      return figures.report(
          load,
          new RunReport.Setting(
              inference.cascade().name() + " " + inference.cascade().version(),
              inference.budget().words(),
              load.plannedRate(),
              config.job().parallelism(),
              config.job().checkpointIntervalMs()));
    }
  }

  /**
   * Runs the job on what others publish, until they say that it is enough.
   *
   * @param config the job; its brokers must be {@link #bootstrapServers}, and it must have a topic
   *     of events
   * @param listener is told what comes out, on this thread
   * @param enough is asked over and over, on this thread
   * @param line what to tell a person who watches; null where there is nothing new
   * @throws Exception where the job fails
   */
  public void serve(
      ServeConfig config,
      EarlyExitInference inference,
      OutcomeListener listener,
      BooleanSupplier enough,
      Supplier<String> line)
      throws Exception {
    TopicConfig topics = config.kafka().topics();
    List<String> read = List.of(topics.predictions(), topics.events());
    Map<String, Integer> all = new HashMap<>();
    for (String topic : read) {
      all.put(topic, config.kafka().partitions());
    }
    all.put(topics.frames(), config.kafka().partitions());
    all.put(topics.deadLetters(), 1);
    all.put(topics.controlEvents(), 1);
    kafka.ensureTopics(all);
    try (OutcomeReader reader =
        new OutcomeReader(kafka, topics, read, IsolationLevel.READ_COMMITTED, listener)) {
      start(config, inference);
      while (!enough.getAsBoolean()) {
        reader.poll(POLL);
        requireRunning();
        Optional.ofNullable(line.get()).ifPresent(console);
      }
      cancel();
      reader.drain(POLL);
    }
  }

  private void requireRunning() throws ExecutionException, InterruptedException {
    if (jobEnd.isDone()) {
      jobEnd.get(); // throws why
      throw new IllegalStateException("the job ended by itself");
    }
  }

  private OutcomeReader reader(TopicConfig topics, RunFigures figures) {
    return new OutcomeReader(
        kafka,
        topics,
        List.of(topics.predictions(), topics.deadLetters(), topics.controlEvents()),
        IsolationLevel.READ_COMMITTED,
        new Watched(figures, predictions, controlEvents));
  }

  /**
   * How long the job may make no progress before it counts as stuck. Outcomes can be read once per
   * checkpoint.
   */
  static Duration patience(int checkpointIntervalMs) {
    return PATIENCE.plusMillis(2L * checkpointIntervalMs);
  }

  private void start(ServeConfig config, EarlyExitInference inference) throws Exception {
    Configuration flink = ServeJob.flinkOptions(config);
    flink.set(RestartStrategyOptions.RESTART_STRATEGY, "disable");
    int port = LocalFlink.choosePort(config.job().uiPort());
    LocalFlink.serveUi(flink, port);
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(flink);
    new ServeJob(config, inference, kafka).wire(env);
    job = env.executeAsync(config.pipeline());
    jobEnd = job.getJobExecutionResult();
    console.accept("Flink Web UI: http://localhost:" + port);
  }

  private LoadReport runLoad(LoadPlan plan, OutcomeReader reader, RunFigures figures)
      throws Exception {
    try (Producer<byte[], byte[]> producer = kafka.producer()) {
      LoadGenerator generator = new LoadGenerator(plan, producer, figures);
      CompletableFuture<LoadReport> load = new CompletableFuture<>();
      Thread thread =
          new Thread(
              () -> {
                try {
                  load.complete(generator.run());
                } catch (RuntimeException | Error e) {
                  load.completeExceptionally(e);
                }
              },
              "load");
      thread.start();
      try {
        if (!follow(reader, figures, load::isDone, 5)) {
          thread.interrupt(); // what was published by now is the load
        }
        return load.join();
      } catch (CompletionException e) {
        throw e.getCause() instanceof Exception cause ? cause : e;
      } finally {
        thread.interrupt();
        thread.join();
      }
    }
  }

  /**
   * Reads outcomes and prints a line now and then; fails where the job does.
   *
   * @return false where the job made no progress for so long that it counts as stuck
   */
  private boolean follow(
      OutcomeReader reader, RunFigures figures, BooleanSupplier done, long secondsPerLine)
      throws Exception {
    long lineNanos = System.nanoTime();
    long progressNanos = lineNanos;
    long outcomes = -1;
    while (!done.getAsBoolean()) {
      reader.poll(POLL);
      requireRunning();
      long now = System.nanoTime();
      if (figures.outcomes() != outcomes) {
        outcomes = figures.outcomes();
        progressNanos = now;
      } else if (now - progressNanos > patience.toNanos()) {
        console.accept("No outcome for %d s; giving up.".formatted(patience.toSeconds()));
        return false;
      }
      if (TimeUnit.NANOSECONDS.toSeconds(now - lineNanos) >= secondsPerLine) {
        lineNanos = now;
        console.accept(figures.line());
      }
    }
    return true;
  }

  private void cancel() throws InterruptedException {
    try {
      job.cancel().get(CANCEL_WITHIN.toSeconds(), TimeUnit.SECONDS);
      jobEnd.get(CANCEL_WITHIN.toSeconds(), TimeUnit.SECONDS);
    } catch (CancellationException | ExecutionException e) {
      // That is how a cancelled job ends.
    } catch (TimeoutException e) {
      throw new IllegalStateException("the job did not end within " + CANCEL_WITHIN, e);
    }
  }

  @Override
  public void close() {
    try {
      if (jobEnd != null && !jobEnd.isDone()) {
        cancel();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      broker.close();
    }
  }

  /** The configuration of the demo's job. */
  public static ServeConfig config(
      String bundle,
      String bootstrapServers,
      InferenceConfig inference,
      int parallelism,
      int checkpointIntervalMs) {
    return new ServeConfig(
        bundle,
        "demo",
        new KafkaConfig(
            bootstrapServers,
            "demo",
            StartOffsets.of("earliest"),
            Delivery.EXACTLY_ONCE,
            null,
            parallelism,
            null),
        inference,
        new JobConfig(parallelism, checkpointIntervalMs, null, null, null));
  }
}
