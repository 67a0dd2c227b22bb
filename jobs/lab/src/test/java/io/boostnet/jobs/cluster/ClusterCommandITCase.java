package io.boostnet.jobs.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.boostnet.jobs.CommandResult;
import io.boostnet.jobs.TestBundle;
import io.boostnet.jobs.broker.Await;
import io.boostnet.jobs.broker.FreePorts;
import io.boostnet.jobs.broker.ParentWatch;
import io.boostnet.jobs.lab.Main;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code cluster up|status|down}, on real processes. */
@Timeout(600)
class ClusterCommandITCase {

  @TempDir Path directory;

  @Test
  void upStatusDown_oneTaskManager_startsListsAndStopsItsProcesses() throws Exception {
    String metricsPort = String.valueOf(FreePorts.choose(1)[0]);
    CommandResult up =
        cluster(
            "up",
            "--task-managers",
            "1",
            "--metrics-port",
            metricsPort,
            "-D",
            "web.refresh-interval=4321");
    try {
      assertThat(up.code()).as(up.err()).isZero();
      URI metrics = URI.create("http://localhost:" + metricsPort + "/metrics");
      try (InputStream answer = metrics.toURL().openStream()) {
        assertThat(new String(answer.readAllBytes(), StandardCharsets.UTF_8)).contains("flink_");
      }
      assertThat(up.out()).contains("Kafka broker:", "Flink Web UI:", "cluster submit --dir");

      CommandResult again = cluster("up");
      assertThat(again.code()).isEqualTo(2);
      assertThat(again.err()).contains("A cluster runs in");

      CommandResult status = cluster("status");
      assertThat(status.code()).as(status.out()).isZero();
      assertThat(status.out()).contains("broker", "jobmanager", "taskmanager-1");

      CommandResult refused =
          cluster("submit", "--jar", "target/boostnet-job.jar", "--", "serve", "--bundle", "/none");
      assertThat(refused.code()).isEqualTo(2);
      assertThat(refused.err()).startsWith("boostnet: The job was not taken: ").hasLineCount(1);

      LocalCluster running = LocalCluster.in(directory).orElseThrow();
      assertThat(directory.resolve("config/config.yaml"))
          .content()
          .contains("web.refresh-interval: \"4321\"", "pekko.startup-timeout: \"120 s\"");
      CommandResult nothingToStop = cluster("stop");
      assertThat(nothingToStop.code()).isEqualTo(2);
      assertThat(nothingToStop.err())
          .isEqualToIgnoringNewLines("boostnet: No job runs on the cluster.");
      stopsWithASavepoint(running);
      running.kill(LocalCluster.taskManager(1));
      CommandResult damaged = cluster("status");
      assertThat(damaged.code()).isEqualTo(1);
      assertThat(damaged.out()).containsPattern("taskmanager-1 +\\d+ +down");
    } finally {
      assertThat(cluster("down").code()).isZero();
    }
    assertThat(LocalCluster.in(directory).orElseThrow().runs()).isFalse();
    assertThat(cluster("down", "--delete").out()).contains("Nothing was running");
    assertThat(directory).doesNotExist();
  }

  private void stopsWithASavepoint(LocalCluster running) throws Exception {
    CommandResult submitted =
        cluster(
            "submit",
            "--jar",
            "target/boostnet-job.jar",
            "--",
            "serve",
            "--bundle",
            TestBundle.DIRECTORY.toRealPath().toString(),
            "--bootstrap",
            running.kafka().bootstrapServers(),
            "--parallelism",
            "1");
    assertThat(submitted.code()).as(submitted.err()).isZero();
    String job = running.flink().jobs().get(0);
    Await.until("the job runs", Duration.ofSeconds(120), () -> running.flink().allSubtasksRun(job));
    CommandResult stopped = cluster("stop");
    assertThat(stopped.code()).as(stopped.err()).isZero();
    assertThat(stopped.out()).contains("Stopped job " + job, "--from-savepoint file:");
    assertThat(running.flink().jobs()).isEmpty();
  }

  @Test
  void up_jobManagerThatEndsAtItsStart_isToldInOneSentence() {
    CommandResult up =
        cluster("up", "--task-managers", "1", "-D", "high-availability.type=nothing-like-that");
    assertThat(up.code()).isEqualTo(2);
    assertThat(up.err())
        .startsWith("boostnet: The cluster did not start (jobmanager ended, see ")
        .contains("read that log, or give Flink other settings with -D")
        .hasLineCount(1);
  }

  @Test
  void up_slotsOutOfRange_isRefused() {
    CommandResult result = cluster("up", "--slots", "0");
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).contains("slots are 0; allowed are 1 to 64");
  }

  @Test
  void up_directoryOfSomethingElse_isRefused() throws Exception {
    Path mine = Files.writeString(directory.resolve("mine.txt"), "not a cluster's");
    CommandResult result = cluster("up");
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err())
        .contains(directory + " has files, but of no cluster; give a new or an empty directory.")
        .hasLineCount(1);
    assertThat(directory.toFile().list()).containsExactly(mine.getFileName().toString());
  }

  @Test
  void status_nothingStarted_saysSo() {
    CommandResult result = cluster("status");
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).contains("No cluster was started in");
  }

  @Test
  void isAlive_idOfAnotherProcess_isFalse() throws Exception {
    long here = ProcessHandle.current().pid();
    ServerProcess self = ServerProcess.of(here);
    assertThat(self.isAlive()).isTrue();
    assertThat(new ServerProcess(here, self.startTicks() - 1, self.bootId()).isAlive()).isFalse();
    assertThat(new ServerProcess(here, self.startTicks(), "another").isAlive()).isFalse();
  }

  @Test
  void parentWatch_parentKilled_endsToo() throws Exception {
    Path sign = directory.resolve("runs");
    Process parent = new ProcessBuilder("sleep", "600").start();
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            ParentWatch.class.getName(),
            String.valueOf(parent.pid()),
            Endless.class.getName(),
            sign.toString());
    builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    Process child = builder.inheritIO().start();
    Await.until("the child runs", Duration.ofSeconds(60), () -> Files.exists(sign));

    parent.destroyForcibly();

    assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
  }

  /** Says that it runs, and does so until it is stopped. */
  public static final class Endless {

    private Endless() {}

    public static void main(String[] args) throws Exception {
      Files.createFile(Path.of(args[0]));
      Thread.currentThread().join();
    }
  }

  private CommandResult cluster(String command, String... options) {
    String[] words = new String[options.length + 4];
    words[0] = "cluster";
    words[1] = command;
    words[2] = "--dir";
    words[3] = directory.toString();
    System.arraycopy(options, 0, words, 4, options.length);
    return CommandResult.of(Main.commandLine(), (Object[]) words);
  }
}
