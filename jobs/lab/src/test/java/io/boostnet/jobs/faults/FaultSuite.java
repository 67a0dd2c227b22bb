package io.boostnet.jobs.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.boostnet.jobs.cluster.LocalCluster;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Faults at the Kafka job on a cluster of processes, with exactly-once delivery: whatever happens,
 * a reader of committed records finds exactly one outcome for every record published, and the
 * budget is kept. Writes its table to target/faults. By {@code mvn verify -Pfaults}.
 */
@Timeout(900)
class FaultSuite extends FaultBed {

  private static final Duration OUTAGE = Duration.ofSeconds(20);

  FaultSuite() {
    super("faults");
  }

  @Test
  void taskManager_killedInMidBatch() throws Exception {
    taskManagerKilled("TaskManager killed", TWO_SUBTASKS);
  }

  @Test
  void job_restoredFromSavepoint_otherParallelismAndMicroBatch() throws Exception {
    restoredFromSavepoint();
  }

  @Test
  void job_restoredFromSavepoint_fewerSubtasks() throws Exception {
    try (FaultRun run = run("Restored from a savepoint, 2 to 1 subtasks")) {
      report(restart(new FaultRun.Setting(1, 1), run).restored().settle());
    }
  }

  @Test
  void jobManager_killed() throws Exception {
    try (FaultRun run = run("JobManager killed")) {
      report(kill(LocalCluster.JOB_MANAGER, run).restored().settle());
    }
  }

  @Test
  void broker_killedAndRestarted() throws Exception {
    try (FaultRun run = run("Broker killed and restarted")) {
      report(kill(LocalCluster.BROKER, run).settle());
    }
  }

  @Test
  void broker_cutOff() throws Exception {
    try (FaultRun run = runBehindProxy("Broker cut off, packets dropped")) {
      run.healthy().suffer(proxy()::stall, FaultSuite::outage, proxy()::heal);
      report(run.settle());
    }
  }

  @Test
  void broker_refusing() throws Exception {
    try (FaultRun run = runBehindProxy("Broker cut off, connections reset")) {
      run.healthy().suffer(proxy()::refuse, FaultSuite::outage, proxy()::heal);
      report(run.settle());
    }
  }

  @Test
  void broker_halfClosing() throws Exception {
    try (FaultRun run = runBehindProxy("Connections half closed")) {
      run.healthy().strike(proxy()::halfClose, () -> {});
      report(run.settle());
    }
  }

  @Test
  void broker_slow() throws Exception {
    try (FaultRun run = runBehindProxy("Broker slow, 200 ms each way")) {
      run.healthy()
          .suffer(() -> proxy().delay(Duration.ofMillis(200)), run::awaitProgress, proxy()::heal);
      report(run.settle());
    }
  }

  /** Root may write where permissions forbid it: a file in the place of the directory. */
  @Test
  void checkpointStorage_failing() throws Exception {
    try (FaultRun run = run("Checkpoint storage failing")) {
      Path storage = run.checkpoints();
      Path aside = storage.resolveSibling(storage.getFileName() + "-aside");
      run.healthy()
          .suffer(
              () -> {
                Files.move(storage, aside);
                Files.createFile(storage);
              },
              () -> run.awaitFailedCheckpoints(3),
              () -> {
                Files.delete(storage);
                Files.move(aside, storage);
              });
      report(run.restored().settle());
    }
  }

  @Test
  void records_threeInTenBad() throws Exception {
    try (FaultRun run =
        run("Storm of bad records, 30 %", TWO_SUBTASKS, new Traffic.Kind(0.3, 0, 1))) {
      run.healthy().strike(() -> {}, () -> {});
      FaultRow row = run.settle();
      assertThat(row.deadLetters()).isGreaterThan(row.published() / 5);
      report(row);
    }
  }

  @Test
  void clock_ofTheCameras_stepsBackAnHourAndForwardAgain() throws Exception {
    try (FaultRun run = run("Clock of the cameras an hour behind, then right again")) {
      run.healthy()
          .suffer(
              () -> run.setClockAhead(Duration.ofHours(-1)),
              run::awaitMore,
              () -> run.setClockAhead(Duration.ZERO));
      report(run.settle());
    }
  }

  @Test
  void records_outOfOrderAndDoubled() throws Exception {
    try (FaultRun run =
        run(
            "Frames out of order, 20 % doubled, TaskManager killed",
            TWO_SUBTASKS, new Traffic.Kind(0, 0.2, 50))) {
      report(kill(LocalCluster.taskManager(2), run).restored().settle());
    }
  }

  /** The length of an outage is what it is about: nothing but time ends it. */
  private static void outage() throws InterruptedException {
    TimeUnit.SECONDS.sleep(OUTAGE.toSeconds());
  }
}
