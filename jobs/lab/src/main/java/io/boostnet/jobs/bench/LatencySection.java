package io.boostnet.jobs.bench;

import com.sun.management.OperatingSystemMXBean;
import io.boostnet.flink.options.MicroBatching;
import io.boostnet.jobs.load.LoadGenerator;
import io.boostnet.jobs.load.LoadPlan;
import io.boostnet.jobs.load.LoadProfile;
import io.boostnet.jobs.load.LoadReport;
import io.boostnet.jobs.outcomes.OutcomeListener;
import io.boostnet.jobs.outcomes.OutcomeReader;
import io.boostnet.jobs.serve.Delivery;
import io.boostnet.jobs.serve.ServeConfig;
import io.boostnet.schema.Prediction;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.DoubleSupplier;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import me.tongfei.progressbar.ProgressBar;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.IsolationLevel;

/**
 * Latency of the Kafka job under open-loop loads, from the time at which a frame was due to the
 * time at which its prediction was read back. A frame that is published late counts from its due
 * time, so that nothing is left out while the job stands still (coordinated omission).
 *
 * <p>Loads are shares of what the job serves in this very setting, with the generator and the
 * reader beside it: what it decides while more is offered.
 */
final class LatencySection implements Section {

  private static final double[] LOADS = {0.05, 0.3, 0.5, 0.8, 0.95};
  private static final double OVERLOAD = 1.3;
  private static final double[] PERCENTILES = {50, 90, 95, 99, 99.9};
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration POLL = Duration.ofMillis(50);

  private static final OperatingSystemMXBean MACHINE =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  private static final String SINGLY = "micro-batches of 1";
  private static final int AUTO = MicroBatching.AUTO;
  private static final int ONE = 1;

  /** One row. */
  private record Load(String name, LoadProfile profile, int microBatch) {}

  private final Setting setting;
  private final DoubleSupplier alone;

  /**
   * What came of a load.
   *
   * @param coresBusy processor time of the whole machine per second
   */
  private record Outcome(LoadReport published, Latencies latencies, double coresBusy) {}

  /**
   * The section.
   *
   * @param alone images per second of the Kafka job without generator and reader, asked for once;
   *     NaN to have it measured
   */
  LatencySection(Setting setting, DoubleSupplier alone) {
    this.setting = setting;
    this.alone = alone;
  }

  @Override
  public int steps() {
    return LOADS.length + 4;
  }

  @Override
  public Result run(ProgressBar bar) throws Exception {
    bar.setExtraMessage("capacity");
    double mostAlone = alone.getAsDouble();
    if (Double.isNaN(mostAlone)) {
      mostAlone = setting.kafkaJob().run(setting.images()).imagesPerSecond();
    }
    double most = capacity(mostAlone, AUTO);
    bar.step();
    bar.setExtraMessage("capacity, " + SINGLY);
    double mostSingly = capacity(mostAlone, ONE);
    bar.step();
    List<Load> loads = new ArrayList<>();
    for (double share : LOADS) {
      loads.add(new Load(name(share), new LoadProfile.Steady(share * most), AUTO));
    }
    double period = setting.seconds() / 2.0;
    loads.add(
        new Load(
            "50 %, bursts of 120 %",
            new LoadProfile.Burst(0.5 * most, 1.2 * most, period, period / 10), AUTO));
    loads.add(new Load("50 %, " + SINGLY, new LoadProfile.Steady(0.5 * mostSingly), ONE));
    Table table =
        Table.of(
            "Latency, Kafka to Kafka",
            ("Open loop, from the time a frame was due to its prediction being read back, in ms, at"
                    + " shares of what the job serves while more is offered: %.0f images/s (%.0f in"
                    + " micro-batches of 1, where no frame waits for others). At-least-once, so that"
                    + " no prediction waits for a checkpoint. Broker, load generator and reader run"
                    + " on the same machine and take their share of it, here and in what the job"
                    + " serves; without generator and reader it serves %.0f. Decided: until the exit"
                    + " was decided; the rest is the way back. Cores busy: of the whole machine.")
                .formatted(most, mostSingly, mostAlone),
            "images/s",
            "%.0f",
            "p50",
            "%.1f",
            "p90",
            "%.1f",
            "p95",
            "%.1f",
            "p99",
            "%.1f",
            "p99.9",
            "%.1f",
            "max",
            "%.1f",
            "decided, p50",
            "%.1f",
            "decided, p99",
            "%.1f",
            "published late, p99",
            "%.1f",
            "cores busy",
            "%.2f");
    double p99AtHalf = Double.NaN;
    for (Load load : loads) {
      bar.setExtraMessage("load " + load.name());
      Outcome outcome = run(load);
      table.row(load.name(), figures(outcome));
      if (load.name().equals(name(0.5))) {
        p99AtHalf = outcome.latencies().readMillis(99);
      }
      bar.step();
    }
    double serviceMillis = 1e3 * setting.work().threads() / most;
    return new Result(
        List.of(table),
        List.of(
            new Target(
                "mean service time (%.2f ms) x 5, of the p99 latency at 50 %% load"
                    .formatted(serviceMillis),
                1,
                5 * serviceMillis / p99AtHalf)));
  }

  private static double[] figures(Outcome outcome) {
    return Stream.of(
            DoubleStream.of(outcome.published().achievedRate()),
            Arrays.stream(PERCENTILES).map(outcome.latencies()::readMillis),
            DoubleStream.of(
                outcome.latencies().readMillis(100),
                outcome.latencies().decidedMillis(50),
                outcome.latencies().decidedMillis(99),
                outcome.published().latenessMs().p99(),
                outcome.coresBusy()))
        .flatMapToDouble(figures -> figures)
        .toArray();
  }

  private static String name(double share) {
    return "%.0f %%".formatted(100 * share);
  }

  /** Images per second that the job decides while more is offered. */
  private double capacity(double alone, int microBatch) throws Exception {
    return run(new Load("overload", new LoadProfile.Steady(OVERLOAD * alone), microBatch))
        .latencies()
        .servedPerSecond();
  }

  private Outcome run(Load load) throws Exception {
    Topics topics = setting.topics();
    String frames = topics.create("load");
    String output = topics.create("latency");
    LoadPlan plan =
        LoadPlan.lasting(setting.seconds(), setting.work().file(), frames, load.profile(), 0);
    ServeConfig config =
        ServeContender.config(
            setting.work(), topics, frames, output, Delivery.AT_LEAST_ONCE, load.microBatch());
    Reading reading = new Reading(setting.seconds());
    try (KafkaProducer<byte[], byte[]> producer = topics.kafka().promptly().producer();
        OutcomeReader reader =
            new OutcomeReader(
                topics.kafka(),
                config.kafka().topics(),
                List.of(output),
                IsolationLevel.READ_UNCOMMITTED,
                reading);
        RunningJob job = RunningJob.serve(config, topics.kafka())) {
      topics.await(config.kafka().topics().controlEvents(), 1, 20, job::isAlive);
      CompletableFuture<LoadReport> published =
          CompletableFuture.supplyAsync(
              () ->
                  new LoadGenerator(plan, producer, (source, sequence, partition, offset) -> {})
                      .run());
      reading.run(reader, plan.count(), job);
      return new Outcome(published.get(), reading.latencies, reading.coresBusy);
    }
  }

  /** Reads predictions back; what is due in the first fifth of the load is warm-up. */
  private static final class Reading implements OutcomeListener {

    private final Latencies latencies;
    private boolean warm;
    private double coresBusy;

    Reading(int seconds) {
      latencies = new Latencies(seconds);
    }

    /** Until all frames have their prediction. */
    void run(OutcomeReader reader, long frames, RunningJob job) {
      latencies.begin();
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      long count = 0;
      while (count < frames) {
        int read = reader.poll(POLL);
        count += read;
        if (read > 0) {
          deadline = System.nanoTime() + PATIENCE.toNanos();
        }
        if (!job.isAlive() || System.nanoTime() > deadline) {
          throw new IllegalStateException(
              "%,d of %,d predictions came; see target/logs/boostnet.log".formatted(count, frames));
        }
      }
      coresBusy = coresBusySinceTheLastCall();
    }

    @Override
    public void unreadable(ConsumerRecord<byte[], byte[]> record, Exception reason) {
      throw new IllegalStateException("reading " + record.topic() + " back", reason);
    }

    @Override
    public void prediction(Prediction prediction) {
      if (latencies.take(prediction.getTimestampMs(), prediction.getDecidedAtMs()) && !warm) {
        warm = true;
        coresBusySinceTheLastCall();
      }
    }

    private static double coresBusySinceTheLastCall() {
      return MACHINE.getCpuLoad() * MACHINE.getAvailableProcessors();
    }
  }
}
