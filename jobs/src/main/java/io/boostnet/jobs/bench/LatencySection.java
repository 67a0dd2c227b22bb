package io.boostnet.jobs.bench;

import io.boostnet.jobs.load.LoadGenerator;
import io.boostnet.jobs.load.LoadPlan;
import io.boostnet.jobs.load.LoadProfile;
import io.boostnet.jobs.load.LoadReport;
import io.boostnet.jobs.serve.ServeConfig;
import io.boostnet.jobs.serve.ServeConfig.BatchSize;
import io.boostnet.schema.Prediction;
import io.boostnet.schema.SingleObject;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import me.tongfei.progressbar.ProgressBar;
import org.HdrHistogram.Histogram;
import org.apache.avro.message.BinaryMessageDecoder;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Latency of the Kafka job under open-loop loads, from the time at which a frame was due to the
 * time at which its prediction was read back. A frame that is published late counts from its due
 * time, so that nothing is left out while the job stands still (coordinated omission).
 */
final class LatencySection implements Section {

  private static final double[] LOADS = {0.3, 0.5, 0.8, 0.95};
  private static final double[] PERCENTILES = {50, 90, 95, 99, 99.9};
  private static final long MOST_MICROS = TimeUnit.MINUTES.toMicros(10);
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration POLL = Duration.ofMillis(50);

  private static final String SINGLY = "micro-batches of 1";
  private static final BatchSize AUTO = BatchSize.of("auto");
  private static final BatchSize ONE = BatchSize.of("1");

  /** One row. */
  private record Load(String name, LoadProfile profile, BatchSize microBatch) {}

  private final Setting setting;
  private final DoubleSupplier capacity;

  /**
   * The section.
   *
   * @param capacity images per second of the Kafka job, asked for once; NaN to have it measured
   */
  LatencySection(Setting setting, DoubleSupplier capacity) {
    this.setting = setting;
    this.capacity = capacity;
  }

  @Override
  public int steps() {
    return LOADS.length + 4;
  }

  @Override
  public Result run(ProgressBar bar) throws Exception {
    double most = capacity.getAsDouble();
    if (Double.isNaN(most)) {
      bar.setExtraMessage("capacity");
      most = setting.kafkaJob().run(setting.images()).imagesPerSecond();
    }
    bar.step();
    bar.setExtraMessage("capacity, " + SINGLY);
    double mostSingly =
        new KafkaRow(SINGLY, setting.work(), setting.topics(), setting.framesTopic(), ONE)
            .run(setting.images())
            .imagesPerSecond();
    bar.step();
    List<Load> loads = new ArrayList<>();
    for (double share : LOADS) {
      loads.add(
          new Load("%.0f %%".formatted(100 * share), new LoadProfile.Steady(share * most), AUTO));
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
                    + " shares of the job's capacity of %.0f images/s (%.0f in micro-batches of 1,"
                    + " where no frame waits for others). At-least-once, so that no prediction waits"
                    + " for a checkpoint. Broker, load generator and reader run on the same machine"
                    + " and take their share of it.")
                .formatted(most, mostSingly),
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
            "published late, p99",
            "%.1f");
    double p99Singly = Double.NaN;
    for (Load load : loads) {
      bar.setExtraMessage("load " + load.name());
      Histogram micros = new Histogram(MOST_MICROS, 3);
      LoadReport published = run(load, micros);
      double[] figures = new double[PERCENTILES.length + 3];
      figures[0] = published.achievedRate();
      for (int i = 0; i < PERCENTILES.length; i++) {
        figures[i + 1] = micros.getValueAtPercentile(PERCENTILES[i]) / 1e3;
      }
      figures[PERCENTILES.length + 1] = micros.getMaxValue() / 1e3;
      figures[PERCENTILES.length + 2] = published.latenessMs().p99();
      table.row(load.name(), figures);
      if (load.microBatch().equals(ONE)) {
        p99Singly = figures[4];
      }
      bar.step();
    }
    double serviceMillis = 1e3 * setting.work().threads() / mostSingly;
    return new Result(
        List.of(table),
        List.of(
            new Target(
                "mean service time (%.2f ms) x 5, of the p99 latency at 50 %% load, %s"
                    .formatted(serviceMillis, SINGLY),
                1,
                5 * serviceMillis / p99Singly)));
  }

  private LoadReport run(Load load, Histogram micros) throws Exception {
    Topics topics = setting.topics();
    String frames = topics.create("load");
    String output = topics.create("latency");
    LoadPlan plan =
        LoadPlan.lasting(setting.seconds(), setting.work().file(), frames, load.profile(), 0);
    ServeConfig config =
        KafkaRow.config(
            setting.work(),
            topics,
            frames,
            output,
            ServeConfig.Delivery.AT_LEAST_ONCE,
            load.microBatch());
    try (KafkaProducer<byte[], byte[]> producer = topics.kafka().producer();
        KafkaConsumer<byte[], byte[]> consumer = consumer(output);
        RunningJob job = RunningJob.serve(config, topics.kafka())) {
      topics.await(config.kafka().topics().controlEvents(), 1, 20, job::isAlive);
      CompletableFuture<LoadReport> published =
          CompletableFuture.supplyAsync(
              () -> new LoadGenerator(plan, producer, (source, sequence) -> {}).run());
      long warmUpUntil =
          System.currentTimeMillis() + TimeUnit.SECONDS.toMillis(setting.seconds()) / 5;
      read(consumer, plan.count(), warmUpUntil, micros, job);
      return published.get();
    }
  }

  private KafkaConsumer<byte[], byte[]> consumer(String topic) {
    Properties properties = setting.topics().kafka().properties();
    KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    List<TopicPartition> partitions = new ArrayList<>();
    consumer
        .partitionsFor(topic)
        .forEach(partition -> partitions.add(new TopicPartition(topic, partition.partition())));
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
    return consumer;
  }

  private static void read(
      KafkaConsumer<byte[], byte[]> consumer,
      long frames,
      long warmUpUntil,
      Histogram micros,
      RunningJob job)
      throws IOException {
    BinaryMessageDecoder<Prediction> predictions = SingleObject.decoder(Prediction.class);
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    long read = 0;
    while (read < frames) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        long now = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
        long due = predictions.decode(record.value()).getTimestampMs();
        if (due >= warmUpUntil) {
          micros.recordValue(Math.max(0, Math.min(MOST_MICROS, now - 1000 * due)));
        }
        read++;
        deadline = System.nanoTime() + PATIENCE.toNanos();
      }
      if (!job.isAlive() || System.nanoTime() > deadline) {
        throw new IllegalStateException(
            "%,d of %,d predictions came; see target/logs/boostnet.log".formatted(read, frames));
      }
    }
  }
}
