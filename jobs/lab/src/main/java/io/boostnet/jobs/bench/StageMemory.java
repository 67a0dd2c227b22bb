package io.boostnet.jobs.bench;

import io.boostnet.flink.ModelBundle;
import io.boostnet.flink.inference.Device;
import io.boostnet.flink.inference.MicroBatch;
import io.boostnet.flink.inference.StageRunner;
import io.boostnet.flink.model.Features;
import io.boostnet.flink.model.Precision;
import io.boostnet.flink.model.Stage;
import io.boostnet.flink.options.MicroBatching;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * Native memory that one slot more takes: the growth of a process, whose heap is resident from the
 * start, by a thread that holds micro-batches of all stages and runs them at the same time as the
 * others. Sessions are shared and no part of it.
 */
final class StageMemory {

  private static final int SLOTS_MORE = 2;
  private static final int CALLS = 20;
  private static final Path STATUS = Path.of("/proc/self/status");

  private StageMemory() {}

  /** Of a bundle, in MB. */
  static double megabytesPerSlot(String bundle) throws IOException, InterruptedException {
    return (resident(bundle, 1 + SLOTS_MORE) - resident(bundle, 1)) / SLOTS_MORE;
  }

  private static double resident(String bundle, int slots)
      throws IOException, InterruptedException {
    List<String> command =
        ChildJvm.command(
            "stage-memory", StageMemory.class, "-Xms256m", "-Xmx256m", "-XX:+AlwaysPreTouch");
    command.addAll(List.of(bundle, String.valueOf(slots)));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String answer =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    if (process.waitFor() != 0) {
      throw new IOException(
          "the memory of %s could not be measured; see target/logs/stage-memory.log"
              .formatted(bundle));
    }
    return Double.parseDouble(answer.substring(answer.lastIndexOf('\n') + 1));
  }

  /** The process: a bundle and a number of slots to its resident memory, in MB. */
  public static void main(String[] arguments) throws Exception {
    ModelBundle bundle = ModelBundle.read(arguments[0]).served(Precision.AUTO, Device.CPU);
    int slots = Integer.parseInt(arguments[1]);
    CountDownLatch ran = new CountDownLatch(slots);
    List<List<MicroBatch>> held = new ArrayList<>();
    List<StageRunner> runners = new ArrayList<>();
    for (Stage stage : bundle.cascade().stages()) {
      runners.add(bundle.stage(stage, Device.CPU).open());
    }
    for (int slot = 0; slot < slots; slot++) {
      List<MicroBatch> batches = new ArrayList<>();
      for (StageRunner runner : runners) {
        batches.add(full(runner));
      }
      held.add(batches);
    }
    for (List<MicroBatch> batches : held) {
      new Thread(
              () -> {
                run(runners, batches);
                ran.countDown();
              })
          .start();
    }
    ran.await();
    for (String line : Files.readAllLines(STATUS)) {
      if (line.startsWith("VmRSS:")) {
        System.out.println(Long.parseLong(line.replaceAll("\\D", "")) / 1024.0);
      }
    }
    held.forEach(batches -> batches.forEach(MicroBatch::close));
    System.exit(0);
  }

  private static MicroBatch full(StageRunner runner) throws Exception {
    MicroBatching auto = MicroBatching.auto();
    MicroBatch batch =
        runner.allocate(
            runner.serviceCurve(auto.linger(), MicroBatching.MAX_SIZE).bestWithin(auto.linger()));
    Features zeros = Features.allocate(runner.stage().inputs());
    while (!batch.isFull()) {
      batch.append(zeros);
    }
    return batch;
  }

  private static void run(List<StageRunner> runners, List<MicroBatch> batches) {
    try {
      for (int call = 0; call < CALLS; call++) {
        for (int stage = 0; stage < runners.size(); stage++) {
          runners.get(stage).run(batches.get(stage));
        }
      }
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
