package io.boostnet.jobs.bench;

import io.boostnet.flink.exit.Thresholds;
import io.boostnet.flink.inference.Device;
import io.boostnet.flink.model.CostUnit;
import io.boostnet.jobs.broker.BrokerProcess;
import io.boostnet.jobs.cli.ExitOptions;
import io.boostnet.jobs.cli.Progress;
import io.boostnet.jobs.config.ConfigException;
import io.boostnet.jobs.evaluate.OfflineCascade;
import io.boostnet.jobs.files.JsonFile;
import io.boostnet.jobs.kafka.KafkaAccess;
import io.boostnet.jobs.load.LoadGenerator;
import io.boostnet.jobs.load.LoadPlan;
import io.boostnet.jobs.load.LoadProfile;
import io.boostnet.jobs.load.LoadReport;
import io.boostnet.jobs.serve.Delivery;
import io.boostnet.jobs.serve.ServeConfig;
import io.boostnet.jobs.serve.TopicConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import me.tongfei.progressbar.ProgressBar;
import org.apache.kafka.clients.producer.Producer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench soak}: whether the job holds anything that it should let go. */
@Command(
    name = "soak",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Runs the Kafka job in a JVM of its own under steady load, one record in a thousand bad, and"
          + " watches what its process holds: resident memory, live heap, metaspace, direct memory,"
          + " tensors and sessions of ONNX Runtime, threads, open files, and its throughput.",
      "Passes (exit code 0) where nothing grows after the warm-up: resident memory, by a"
          + " least-squares line, by less than 1 MB per minute; and where at least 95 %% of the load"
          + " is served. Runs below 10 minutes show that it works, not that it is flat."
    },
    footer = {
      "",
      "Example:",
      "  boostnet bench soak --minutes 35 --bundle jobs/demo/models/gtsrb-msdnet \\",
      "    --frames jobs/demo/frames/gtsrb-tracks.avro --report soak.json --plot soak.png"
    })
final class SoakCommand implements Callable<Integer> {

  private static final int BAD_PER = 1000;
  private static final double SHARE_OF_FULL_NETWORK = 0.5;
  private static final int FEWEST_POINTS = 5;

  /** Of every topic and partition, so that the broker's disk does not fill. */
  private static final long RETAINED_BYTES = 128L << 20;

  @Spec private CommandSpec spec;

  @Option(names = "--bundle", required = true, description = "Model bundle: directory or .zip.")
  private String bundle;

  @Option(names = "--frames", required = true, description = "Frame file, published over and over.")
  private Path frames;

  @Mixin private ExitOptions exits;

  @Option(names = "--minutes", description = "How long. Default: ${DEFAULT-VALUE}.")
  private double minutes = 35;

  @Option(
      names = "--warm-up",
      description = "Minutes at the start that are not judged. Default: 5, at most a third.")
  private Double warmUp;

  @Option(
      names = "--rate",
      description =
          "Frames per second. Default: half of what the threads could do without early exit.")
  private Double rate;

  @Option(names = "--parallelism", description = "Subtasks of the job. Default: ${DEFAULT-VALUE}.")
  private int parallelism = 1;

  @Option(
      names = "--every",
      description = "Seconds from sample to sample. Default: ${DEFAULT-VALUE}.")
  private int everySeconds = 10;

  @Option(names = "--report", description = "File to write the report to, as JSON.")
  private Path report;

  @Option(names = "--plot", description = "File to draw the course in, as PNG.")
  private Path plot;

  @Override
  public Integer call() throws Exception {
    double warmUpMinutes = warmUp == null ? Math.min(5, minutes / 3) : warmUp;
    if (parallelism < 1
        || everySeconds < 1
        || !(warmUpMinutes >= 0)
        || (minutes - warmUpMinutes) * 60 < FEWEST_POINTS * everySeconds) {
      throw new ConfigException(
          "%s minutes, %s of them warm-up, leave less than %d samples of %d s to judge."
              .formatted(minutes, warmUpMinutes, FEWEST_POINTS, everySeconds));
    }
    Workload work = Workload.read(bundle, frames, parallelism);
    Thresholds thresholds = exits.thresholds(work.bundle(), CostUnit.TIME);
    work =
        work.leavingAt(
            thresholds == null ? EqualAccuracy.thresholds(work.bundle(), 0.005) : thresholds);
    double framesPerSecond =
        rate != null
            ? rate
            : SHARE_OF_FULL_NETWORK
                * parallelism
                * OfflineCascade.framesPerSecond(work.bundle(), Device.CPU, work.frames());
    List<SoakReport.Point> points = soak(work, framesPerSecond);
    SoakReport result =
        new SoakReport(
            Machine.describe(),
            minutes,
            warmUpMinutes,
            framesPerSecond,
            points,
            SoakReport.judge(points, warmUpMinutes, framesPerSecond));
    spec.commandLine().getOut().print(result.text());
    spec.commandLine().getOut().flush();
    if (report != null) {
      JsonFile.write(report, result);
    }
    if (plot != null) {
      SoakPlot.write(plot, points);
    }
    return result.passed() ? 0 : 1;
  }

  private List<SoakReport.Point> soak(Workload work, double framesPerSecond) throws Exception {
    try (BrokerProcess broker = BrokerProcess.start();
        Topics topics = new Topics(KafkaAccess.to(broker.bootstrapServers()), parallelism)) {
      String frameTopic = topics.create("frames");
      String output = topics.create("soak");
      ServeConfig config =
          ServeContender.config(work, topics, frameTopic, output, Delivery.EXACTLY_ONCE);
      topics.retain(RETAINED_BYTES, List.of(frameTopic, output));
      long count = (long) (minutes * 60 * framesPerSecond);
      LoadPlan plan =
          new LoadPlan(
              frames,
              frameTopic,
              new LoadProfile.Steady(framesPerSecond),
              Math.max(1, count),
              (int) (count / BAD_PER));
      try (SoakProcess job = SoakProcess.start(config);
          Producer<byte[], byte[]> producer = topics.kafka().producer()) {
        topics.await(config.kafka().topics().controlEvents(), 1, 100, job::isAlive);
        LoadGenerator generator =
            new LoadGenerator(plan, producer, (source, sequence, partition, offset) -> {});
        CompletableFuture<LoadReport> load = CompletableFuture.supplyAsync(generator::run);
        return watch(topics, config.kafka().topics(), job, load);
      }
    }
  }

  private List<SoakReport.Point> watch(
      Topics topics, TopicConfig names, SoakProcess job, CompletableFuture<LoadReport> load)
      throws Exception {
    List<SoakReport.Point> points = new ArrayList<>();
    long start = System.nanoTime();
    long before = start;
    long outcomesBefore = 0;
    int samples = (int) (minutes * 60 / everySeconds);
    try (ProgressBar bar = Progress.open("soak", samples)) {
      for (int i = 1; i <= samples; i++) {
        long due = start + TimeUnit.SECONDS.toNanos((long) i * everySeconds);
        TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
        if (load.isCompletedExceptionally()) {
          load.get(); // throws why
        }
        long outcomes = topics.count(names.predictions()) + topics.count(names.deadLetters());
        long now = System.nanoTime();
        points.add(
            new SoakReport.Point(
                (now - start) / 60e9,
                (outcomes - outcomesBefore) / ((now - before) / 1e9),
                job.sample()));
        outcomesBefore = outcomes;
        before = now;
        bar.step();
      }
    }
    return points;
  }
}
