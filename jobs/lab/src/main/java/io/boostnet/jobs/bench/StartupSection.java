package io.boostnet.jobs.bench;

import io.boostnet.flink.ModelBundle;
import io.boostnet.flink.inference.Device;
import io.boostnet.flink.inference.StageRunner;
import io.boostnet.flink.model.Stage;
import io.boostnet.flink.options.MicroBatching;
import io.boostnet.jobs.Main;
import io.boostnet.jobs.serve.Delivery;
import io.boostnet.jobs.serve.ServeConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import me.tongfei.progressbar.ProgressBar;

/** How long until the first prediction, and what takes how much of it. */
final class StartupSection implements Section {

  private static final long POLL_MILLIS = 5;

  private final Setting setting;
  private final String bundleLocation;

  StartupSection(Setting setting) {
    this.setting = setting;
    this.bundleLocation = setting.work().location();
  }

  @Override
  public int steps() {
    return 2 * setting.rounds();
  }

  @Override
  public Result run(ProgressBar bar) throws Exception {
    int rounds = setting.rounds();
    double[] check = new double[rounds];
    double[] load = new double[rounds];
    double[] warmUp = new double[rounds];
    double[] submitted = new double[rounds];
    double[] process = new double[rounds];
    for (int round = 0; round < rounds; round++) {
      bar.setExtraMessage("submission");
      long start = System.nanoTime();
      ModelBundle bundle =
          ModelBundle.read(bundleLocation)
              .served(setting.work().bundle().precision(), Device.CPU)
              .verify();
      check[round] = secondsSince(start);
      sessions(bundle, round, load, warmUp);
      submitted[round] = submission();
      bar.step();
      bar.setExtraMessage("process");
      process[round] = process();
      bar.step();
    }
    double first = Rounds.median(submitted);
    Table table =
        Table.of(
            "Start-up",
            "Medians, in seconds. Session load and warm-up (all micro-batch sizes, all stages) are"
                + " measured alone, in this JVM; the submission is one to a Flink cluster in this"
                + " JVM, which has run jobs before; the process is a new JVM that runs serve, from"
                + " its start.",
            "seconds",
            "%.2f",
            "share of the submission",
            "%.2f");
    table.row("check of the bundle, before submission", Rounds.median(check), Double.NaN);
    table.row("session load", Rounds.median(load), Rounds.median(load) / first);
    table.row("warm-up", Rounds.median(warmUp), Rounds.median(warmUp) / first);
    table.row("submission to first prediction on Kafka", first, 1);
    table.row("process start to first prediction on Kafka", Rounds.median(process), Double.NaN);
    return new Result(List.of(table), List.of());
  }

  private static void sessions(ModelBundle bundle, int round, double[] load, double[] warmUp)
      throws Exception {
    List<StageRunner> runners = new ArrayList<>();
    try {
      long start = System.nanoTime();
      for (Stage stage : bundle.cascade().stages()) {
        runners.add(bundle.stage(stage, Device.CPU).open());
      }
      load[round] = secondsSince(start);
      start = System.nanoTime();
      for (StageRunner runner : runners) {
        runner.serviceCurve(MicroBatching.auto().linger(), MicroBatching.MAX_SIZE);
      }
      warmUp[round] = secondsSince(start);
    } finally {
      runners.forEach(StageRunner::close);
    }
  }

  private double submission() throws Exception {
    ServeConfig config = config();
    long start = System.nanoTime();
    try (RunningJob job = RunningJob.serve(config, setting.topics().kafka())) {
      setting.topics().await(config.kafka().topics().predictions(), 1, POLL_MILLIS, job::isAlive);
      return secondsSince(start);
    }
  }

  private double process() throws Exception {
    ServeConfig config = config();
    List<String> command = ChildJvm.command("serve", Main.class);
    command.add("serve");
    command.addAll(ChildJvm.serveArguments(config));
    long start = System.nanoTime();
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      setting
          .topics()
          .await(config.kafka().topics().predictions(), 1, POLL_MILLIS, process::isAlive);
      return secondsSince(start);
    } finally {
      process.destroy();
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    }
  }

  private ServeConfig config() {
    return ServeContender.config(
        setting.work(),
        setting.topics(),
        setting.framesTopic(),
        setting.topics().create("start-up"),
        Delivery.AT_LEAST_ONCE);
  }

  private static double secondsSince(long nanos) {
    return (System.nanoTime() - nanos) / 1e9;
  }
}
