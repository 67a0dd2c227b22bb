package io.boostnet.jobs.camera;

import io.boostnet.jobs.camera.config.CameraConfig;
import io.boostnet.jobs.camera.config.CamerasConfig;
import io.boostnet.jobs.camera.config.CamerasConfigReader;
import io.boostnet.jobs.camera.feed.CameraCounts;
import io.boostnet.jobs.camera.feed.CameraCounts.State;
import io.boostnet.jobs.config.ConfigException;
import io.boostnet.jobs.kafka.KafkaAccess;
import io.boostnet.jobs.serve.DeploymentOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code boostnet camera}: frames of cameras and files to Kafka. */
@Command(
    name = "camera",
    description =
        "Take frames of cameras (RTSP, MJPEG over HTTP), video files and directories of images, and"
            + " publish them, whole or by zones.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "cameras.yaml, with all that most need:",
      "  kafka: {bootstrapServers: \"kafka:9092\"}   # topics: {frames: frames}, clientProperties",
      "  cameras:",
      "    entrance:",
      "      input: rtsp://user:password@10.0.0.7/stream1",
      "      rate: 5                               # frames a second; default all",
      "      zones:                                # each a source of its own: entrance/door",
      "        door: [100, 40, 160, 240]           # left, top, width, height in pixels",
      "        bay: [[300, 80], [420, 90], [400, 200]]   # or corners: the box around them",
      "    yard: {input: \"http://10.0.0.8/video.mjpg\"}",
      "    archive: {input: videos/may.mp4, pace: realtime}   # default fast; loop: true",
      "    stills: {input: images/, frameRate: 1}",
      "",
      "--snapshot pictures writes one picture of each camera with its zones drawn in. A live camera"
          + " is connected to again until it answers; where Kafka is slow its oldest frames give way"
          + " and are counted. Files wait. The command ends when all files are read, or with Ctrl-C.",
      "All keys: docs/cameras.md."
    })
public final class CameraCommand implements Callable<Integer> {

  private static final long POLL_MS = 100;
  private static final Duration MOST = Duration.ofDays(3650);

  @Spec private CommandSpec spec;

  @Option(
      names = "--config",
      required = true,
      description = "YAML file that names Kafka and the cameras.")
  private Path file;

  @Option(
      names = {"--bootstrap", "--bootstrap-servers"},
      description = "Kafka brokers, in place of those of the file.")
  private String bootstrapServers;

  @Option(names = "--seconds", description = "End after so many seconds. Default: do not.")
  private Double seconds;

  @Option(
      names = "--snapshot",
      description = "Write a picture of each camera to this directory, and publish nothing.")
  private Path snapshots;

  @Override
  public Integer call() throws Exception {
    CamerasConfig config = CamerasConfigReader.read(file, bootstrapServers);
    if (snapshots != null) {
      return snapshot(config);
    }
    if (config.kafka() == null) {
      throw new ConfigException(
          "kafka.bootstrapServers is not set in %s; give the brokers as host:port."
              .formatted(file));
    }
    KafkaAccess kafka = DeploymentOptions.connect(config.kafka());
    kafka.ensureTopics(Map.of(config.kafka().topics().frames(), config.kafka().partitions()));
    CountDownLatch ended = new CountDownLatch(1);
    Thread main = Thread.currentThread();
    Thread atExit = new Thread(() -> stop(main, ended), "camera-exit");
    try (CameraRun run = CameraRun.start(config, kafka);
        CameraMetrics metrics = serveMetrics(config, run)) {
      Runtime.getRuntime().addShutdownHook(atExit);
      follow(run, config);
      boolean sent = run.finish();
      return sums(run, sent);
    } finally {
      ended.countDown();
      removeHook(atExit);
    }
  }

  private CameraMetrics serveMetrics(CamerasConfig config, CameraRun run) {
    if (config.metricsPort() == null) {
      return null;
    }
    CameraMetrics metrics = CameraMetrics.serve(config.metricsPort(), run.counts());
    say("Metrics: http://localhost:" + metrics.port() + "/metrics");
    return metrics;
  }

  /** Until every camera is at its end, the time is over, or somebody wants it to stop. */
  private void follow(CameraRun run, CamerasConfig config) {
    long start = System.nanoTime();
    long end = start + (seconds == null ? MOST.toNanos() : (long) (seconds * 1e9));
    long every = TimeUnit.SECONDS.toNanos(config.progressSeconds());
    ProgressLines lines = new ProgressLines(start);
    long next = start + every;
    try {
      while (!run.ended() && System.nanoTime() < end) {
        if (System.nanoTime() >= next) {
          next += every;
          long now = System.nanoTime();
          run.counts().forEach((name, counts) -> say(lines.of(name, counts, now)));
        }
        TimeUnit.MILLISECONDS.sleep(POLL_MS);
      }
      if (run.ended()) {
        run.flush(MOST);
      }
    } catch (InterruptedException e) {
      say("Stopping ...");
    }
  }

  /** On the thread of the JVM's end: it waits until the command has ended. */
  private static void stop(Thread main, CountDownLatch ended) {
    main.interrupt();
    try {
      ended.await(20, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void removeHook(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The JVM ends: the hook runs.
    }
  }

  private int sums(CameraRun run, boolean sent) {
    boolean failed = !sent;
    if (!sent) {
      say(
          "Not all frames were sent: "
              + run.failure().map(Throwable::toString).orElse("Kafka did not take them in time"));
    }
    for (Map.Entry<String, CameraCounts> camera : run.counts().entrySet()) {
      CameraCounts counts = camera.getValue();
      boolean thisFailed = counts.state() == State.FAILED;
      failed |= thisFailed || counts.refusedCount() > 0;
      say(
          "%s: %s%s"
              .formatted(
                  camera.getKey(),
                  ProgressLines.sums(counts),
                  counts.problem().isEmpty() ? "" : "; " + counts.problem()));
    }
    return failed ? 1 : 0;
  }

  private int snapshot(CamerasConfig config) throws IOException {
    Files.createDirectories(snapshots);
    int code = 0;
    for (Map.Entry<String, CameraConfig> camera : config.cameras().entrySet()) {
      Path picture = snapshots.resolve(camera.getKey() + ".jpg");
      try {
        say(camera.getKey() + ": " + Snapshots.write(camera.getValue(), picture) + ": " + picture);
      } catch (IOException e) {
        say(camera.getKey() + ": " + e.getMessage());
        code = 1;
      }
    }
    return code;
  }

  private void say(String line) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(line);
    out.flush();
  }
}
