package io.boostnet.jobs.bench;

import io.boostnet.jobs.format.RecordEncoder;
import io.boostnet.jobs.load.LoadGenerator;
import io.boostnet.jobs.load.LoadPlan;
import io.boostnet.jobs.load.LoadProfile;
import io.boostnet.jobs.serve.Delivery;
import io.boostnet.schema.ImageFrame;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.KafkaProducer;

/**
 * A process that answers frames on Kafka with predictions and lives over many turns, so that its
 * code is compiled when it counts. Used by one thread; closing it ends the process.
 */
final class ServingProcess implements AutoCloseable {

  private static final long POLL_MILLIS = 50;
  private static final int SECONDS_TO_END = 20;
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration POLL = Duration.ofMillis(20);

  private final Checkout checkout;
  private final Topics topics;
  private final String frames;
  private final String predictions;
  private final Path log;
  private final Function<ImageFrame, byte[]> encoder;
  private final byte[][] encoded;
  private final Process process;

  private ServingProcess(
      Checkout checkout,
      Topics topics,
      String frames,
      String predictions,
      Path log,
      ProcessBuilder command)
      throws IOException {
    this.checkout = checkout;
    this.topics = topics;
    this.frames = frames;
    this.predictions = predictions;
    this.log = log;
    this.encoder = checkout.frameEncoder();
    this.encoded = checkout.work().frames().stream().map(encoder).toArray(byte[][]::new);
    this.process = command.redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
  }

  /**
   * Starts the Kafka job of a checkout, as {@code serve} of its own launcher runs it; returns when
   * the stages are open.
   */
  static ServingProcess job(Checkout checkout, Topics topics, Delivery delivery) throws Exception {
    String frames = topics.create("frames");
    String predictions = topics.create("predictions");
    String control = topics.create("control-events");
    Workload work = checkout.work();
    List<String> command =
        List.of(
            Checkout.launcher(checkout.root()).toString(),
            "serve",
            "--bundle",
            work.location(),
            "--device",
            "cpu",
            "--pipeline",
            predictions,
            "--group",
            predictions,
            "--bootstrap-servers",
            topics.kafka().bootstrapServers(),
            "--start",
            "earliest",
            "--delivery",
            delivery == Delivery.EXACTLY_ONCE ? "exactly-once" : "at-least-once",
            "--frames-topic",
            frames,
            "--predictions-topic",
            predictions,
            "--dead-letters-topic",
            topics.create("dead-letters"),
            "--control-topic",
            control,
            "--parallelism",
            String.valueOf(work.threads()),
            "--thresholds",
            Arrays.stream(work.thresholds().toArray())
                .mapToObj(String::valueOf)
                .collect(Collectors.joining(",")));
    ServingProcess job =
        new ServingProcess(
            checkout,
            topics,
            frames,
            predictions,
            checkout.root().resolve("target/logs/boostnet.log"),
            new ProcessBuilder(command)
                .directory(checkout.root().toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD));
    try {
      topics.await(control, 1, POLL_MILLIS, job.process::isAlive);
    } catch (Exception e) {
      job.close();
      throw new IOException(
          "the job of %s did not start; see %s".formatted(checkout.root(), job.log), e);
    }
    return job;
  }

  /** Starts a {@link KafkaRelay}, which reads and writes as this build does. */
  static ServingProcess relay(Checkout build, Topics topics) throws IOException {
    String frames = topics.create("frames");
    String predictions = topics.create("predictions");
    List<String> command = ChildJvm.command("relay", KafkaRelay.class);
    command.addAll(KafkaRelay.arguments(topics.kafka().bootstrapServers(), frames, predictions));
    return new ServingProcess(
        build,
        topics,
        frames,
        predictions,
        build.root().resolve("target/logs/relay.log"),
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT));
  }

  /**
   * Lets the process have so many images at once, which were published before, and waits until they
   * are classified: it never waits for who publishes.
   */
  Measurement take(long images) throws Exception {
    long before = topics.count(predictions);
    try (Topics.Withheld withheld =
        topics.withhold(frames, images, i -> encoded[(int) (i % encoded.length)])) {
      double cpu = cpuSeconds();
      long start = System.nanoTime();
      withheld.release();
      long done =
          topics.await(predictions, before + images, POLL_MILLIS, process::isAlive) - before;
      double seconds = (System.nanoTime() - start) / 1e9;
      return new Measurement(done, seconds, cpuSeconds() - cpu, 0, 0, 0, 0);
    }
  }

  /** Open loop: how late predictions are at a constant rate, for so many seconds. */
  Latencies latencies(double imagesPerSecond, int seconds) throws Exception {
    LoadPlan plan =
        LoadPlan.lasting(
            seconds, checkout.work().file(), frames, new LoadProfile.Steady(imagesPerSecond), 0);
    Latencies latencies = new Latencies(seconds);
    try (KafkaProducer<byte[], byte[]> producer = topics.kafka().promptly().producer();
        PredictionTail tail =
            new PredictionTail(topics.kafka(), predictions, checkout.predictions())) {
      latencies.begin();
      CompletableFuture<?> load =
          CompletableFuture.supplyAsync(
              () ->
                  new LoadGenerator(
                          plan,
                          producer,
                          new OldFrames(encoder),
                          (source, number, at, offset) -> {})
                      .run());
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      for (long count = 0; count < plan.count(); ) {
        int read = tail.poll(POLL, latencies);
        count += read;
        deadline = read > 0 ? System.nanoTime() + PATIENCE.toNanos() : deadline;
        if (!process.isAlive() || System.nanoTime() > deadline) {
          throw new IllegalStateException(
              "%,d of %,d predictions came; see %s".formatted(count, plan.count(), log));
        }
      }
      load.get();
    }
    return latencies;
  }

  /**
   * Has it stand still, so that another one has the machine to itself; for less than the 50 s after
   * which Flink takes a task manager without heartbeats for lost.
   */
  void pause() throws IOException, InterruptedException {
    signal("STOP");
  }

  /** Has it go on. */
  void resume() throws IOException, InterruptedException {
    signal("CONT");
  }

  private void signal(String name) throws IOException, InterruptedException {
    String kill = "kill -%s %d".formatted(name, process.pid());
    if (new ProcessBuilder("sh", "-c", kill).start().waitFor() != 0) {
      throw new IOException("'%s' failed; see %s".formatted(kill, log));
    }
  }

  /** Processor time that it has taken. */
  double cpuSeconds() {
    return process.info().totalCpuDuration().orElseThrow().toNanos() / 1e9;
  }

  /** As the load generator asks for them. */
  private record OldFrames(Function<ImageFrame, byte[]> encoder)
      implements RecordEncoder<ImageFrame> {

    @Override
    public void open() {}

    @Override
    public Encoded encode(ImageFrame frame) {
      return Encoded.of(encoder.apply(frame));
    }
  }

  /** Ends the process, and has the broker forget its frames and predictions. */
  @Override
  public void close() {
    try {
      if (process.isAlive()) {
        resume(); // what stands still does not see that it is to end
      }
      process.destroy();
      if (!process.waitFor(SECONDS_TO_END, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (IOException e) {
      process.destroyForcibly();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    topics.delete(List.of(frames, predictions));
  }
}
