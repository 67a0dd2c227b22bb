package io.boostnet.jobs.bench;

import io.boostnet.flink.ModelBundle;
import io.boostnet.flink.inference.Device;
import io.boostnet.flink.inference.MicroBatch;
import io.boostnet.flink.inference.StageRunner;
import io.boostnet.flink.model.Features;
import io.boostnet.flink.model.Precision;
import io.boostnet.flink.model.Stage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Native memory that one slot more takes: by how much a process, whose heap is resident from the
 * start, grows by threads that hold micro-batches of all stages and run them at the same time as
 * the others. Sessions are shared and no part of it. A process of its own.
 */
final class StageMemory {

  private static final int SLOTS_BEFORE = 2;
  private static final int SLOTS_MORE = 8;

  /** The same for every bundle: what the chain would choose depends on the moment. */
  static final int ROWS = 8;

  private static final int CALLS = 30;
  private static final Path STATUS = Path.of("/proc/self/status");

  private StageMemory() {}

  /** Of a bundle, in MB. */
  static double megabytesPerSlot(String bundle) throws IOException, InterruptedException {
    List<String> command =
        ChildJvm.command(
            "stage-memory", StageMemory.class, "-Xms256m", "-Xmx256m", "-XX:+AlwaysPreTouch");
    command.add(bundle);
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

  /** The process: from a bundle to the memory of a slot, in MB. */
  public static void main(String[] arguments) throws Exception {
    ModelBundle bundle = ModelBundle.read(arguments[0]).served(Precision.AUTO, Device.CPU);
    List<StageRunner> runners = new ArrayList<>();
    for (Stage stage : bundle.cascade().stages()) {
      runners.add(bundle.stage(stage, Device.CPU).open());
    }
    List<List<MicroBatch>> slots = new ArrayList<>();
    grow(slots, SLOTS_BEFORE, runners);
    double before = resident();
    grow(slots, SLOTS_MORE, runners);
    double after = resident();
    slots.forEach(batches -> batches.forEach(MicroBatch::close));
    System.out.println((after - before) / SLOTS_MORE);
    System.exit(0);
  }

  /** Adds slots, and runs all of them at once. */
  private static void grow(List<List<MicroBatch>> slots, int more, List<StageRunner> runners)
      throws Exception {
    for (int slot = 0; slot < more; slot++) {
      List<MicroBatch> batches = new ArrayList<>();
      for (StageRunner runner : runners) {
        batches.add(full(runner));
      }
      slots.add(batches);
    }
    List<Thread> threads =
        slots.stream().map(batches -> new Thread(() -> run(runners, batches))).toList();
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }
  }

  private static double resident() throws IOException {
    for (String line : Files.readAllLines(STATUS)) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("\\D", "")) / 1024.0;
      }
    }
    throw new IOException(STATUS + " has no VmRSS");
  }

  private static MicroBatch full(StageRunner runner) throws Exception {
    MicroBatch batch = runner.allocate(ROWS);
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
