package io.boostnet.jobs.demo;

import io.boostnet.flink.EarlyExitInference;
import io.boostnet.jobs.broker.FreePorts;
import io.boostnet.jobs.camera.CameraRun;
import io.boostnet.jobs.camera.config.CameraConfig;
import io.boostnet.jobs.camera.config.CamerasConfig;
import io.boostnet.jobs.camera.config.Zone;
import io.boostnet.jobs.camera.feed.CameraCounts;
import io.boostnet.jobs.camera.input.FfmpegProgram;
import io.boostnet.jobs.dashboard.LivePage;
import io.boostnet.jobs.evaluate.TrueChange;
import io.boostnet.jobs.kafka.KafkaAccess;
import io.boostnet.jobs.run.JobRun;
import io.boostnet.jobs.serve.EventConfig;
import io.boostnet.jobs.serve.InferenceConfig;
import io.boostnet.jobs.serve.Inferences;
import io.boostnet.jobs.serve.JobConfig;
import io.boostnet.jobs.serve.KafkaConfig;
import io.boostnet.jobs.serve.ServeConfig;
import io.boostnet.jobs.serve.TopicConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;

/**
 * Cameras that are processes of ffmpeg, by turns one that sends by RTSP and one that serves MJPEG
 * over HTTP, show signs in known places; the job classifies the zones, and its events are counted
 * against what was shown.
 */
final class VideoDemo {

  private static final List<String> ZONES = List.of("left", "right");
  private static final String RTSP = "gate";
  private static final String MJPEG = "yard";
  private static final TopicConfig TOPICS =
      new TopicConfig("frames", "predictions", "dead-letters", "control-events", "events");
  private static final long LINE_NANOS = 5_000_000_000L;
  private static final long SETTLE_NANOS = 20_000_000_000L;

  private final Consumer<String> console;
  private final String bundle;
  private final Show show;

  /**
   * What is shown.
   *
   * @param tracks frame file with a source for every sign
   * @param seconds how long the cameras show them
   * @param hold seconds of that for which each sign stays as it was seen last
   * @param cameras how many
   * @param rate pictures taken a second of each camera; null for all
   */
  record Show(Path tracks, double seconds, double hold, int cameras, Double rate) {

    List<SignTrack> signs() {
      int held = (int) Math.round(hold * SignVideo.FRAMES_PER_SECOND);
      return SignTrack.read(tracks).stream().map(track -> track.held(held)).toList();
    }
  }

  /** A demo. */
  VideoDemo(Consumer<String> console, String bundle, Show show) {
    this.console = console;
    this.bundle = bundle;
    this.show = show;
  }

  /** What came out. */
  record Result(VideoRecords records, long shown, long published, long dropped) {}

  Result run(InferenceConfig inference, int parallelism, int checkpointMs, Integer pagePort)
      throws Exception {
    List<SignTrack> all = show.signs();
    int number = show.cameras();
    int each = tracksEach(all);
    int places = ZONES.size();
    List<List<SignTrack>> dealt = SignTrack.deal(all, number * places, each, new Random(7));
    Path directory = Files.createTempDirectory("boostnet-video-");
    Map<String, List<TrueChange>> truth = new LinkedHashMap<>();
    Map<String, Path> videos = new LinkedHashMap<>();
    for (int i = 0; i < number; i++) {
      String camera = (i % 2 == 0 ? RTSP : MJPEG) + (number > 2 ? "-" + (i / 2 + 1) : "");
      List<List<SignTrack>> zones = dealt.subList(i * places, (i + 1) * places);
      videos.put(camera, directory.resolve(camera + ".mp4"));
      SignVideo.write(zones, videos.get(camera));
      truth.putAll(SignVideo.truth(camera, ZONES, zones));
    }
    long shown =
        truth.values().stream().mapToLong(changes -> changes.get(changes.size() - 1).until()).sum();
    console.accept(
        "%d videos of %d signs in %d zones, %d frames: %s"
            .formatted(number, truth.size() * each, truth.size(), shown, directory));
    try {
      return run(inference, parallelism, checkpointMs, pagePort, videos, truth, shown);
    } finally {
      for (Path video : videos.values()) {
        Files.deleteIfExists(video);
      }
      Files.deleteIfExists(directory);
    }
  }

  private int tracksEach(List<SignTrack> all) {
    double trackSeconds = (double) all.get(0).frames().size() / SignVideo.FRAMES_PER_SECOND;
    return (int) Math.max(1, Math.round(show.seconds() / trackSeconds));
  }

  private Result run(
      InferenceConfig inference,
      int parallelism,
      int checkpointMs,
      Integer pagePort,
      Map<String, Path> videos,
      Map<String, List<TrueChange>> truth,
      long shown)
      throws Exception {
    VideoRecords records = new VideoRecords(truth);
    int[] ports = FreePorts.choose(show.cameras());
    try (JobRun job = new JobRun(console)) {
      ServeConfig config = config(job.bootstrapServers(), inference, parallelism, checkpointMs);
      EarlyExitInference library = Inferences.of(config);
      try (LivePage page = pagePort == null ? null : job.page(TOPICS, pagePort);
          Cameras cameras = new Cameras(config.kafka(), videos, ports)) {
        job.serve(config, library, records, () -> cameras.advance(records, shown), cameras::line);
        return new Result(records, shown, cameras.published(), cameras.dropped());
      }
    }
  }

  private ServeConfig config(
      String bootstrapServers, InferenceConfig inference, int parallelism, int checkpointMs) {
    KafkaConfig demo =
        JobRun.config(bundle, bootstrapServers, inference, parallelism, checkpointMs).kafka();
    KafkaConfig kafka =
        new KafkaConfig(
            bootstrapServers,
            demo.groupId(),
            demo.start(),
            demo.delivery(),
            TOPICS,
            parallelism,
            null);
    JobConfig job = new JobConfig(parallelism, checkpointMs, null, null, null);
    return new ServeConfig(bundle, "demo", kafka, inference, job, EventConfig.DEFAULT);
  }

  /** The processes that send, and what reads them. */
  private final class Cameras implements AutoCloseable {

    private final KafkaConfig kafka;
    private final Map<String, Path> videos;
    private final int[] ports;
    private final Map<String, Process> senders = new LinkedHashMap<>();
    private CameraRun run;
    private long lineNanos = System.nanoTime();
    private long quietNanos = Long.MAX_VALUE;
    private long quietPredictions;
    private VideoRecords records;

    Cameras(KafkaConfig kafka, Map<String, Path> videos, int[] ports) {
      this.kafka = kafka;
      this.videos = videos;
      this.ports = ports;
    }

    /** Starts what is not started; whether everything that was sent has its outcome. */
    boolean advance(VideoRecords seen, long shown) {
      records = seen;
      if (run == null) {
        start();
      }
      for (String camera : videos.keySet()) {
        Process sender = senders.get(camera);
        if (!sender.isAlive() && run.counts().get(camera).readCount() == 0) {
          senders.put(camera, send(camera)); // it came before its camera listened
        }
      }
      if (seen.predictions() >= shown) {
        return true;
      }
      boolean sent = senders.values().stream().noneMatch(Process::isAlive);
      if (!sent || seen.predictions() != quietPredictions) {
        quietPredictions = seen.predictions();
        quietNanos = System.nanoTime();
      }
      return System.nanoTime() - quietNanos > SETTLE_NANOS;
    }

    private void start() {
      Map<String, CameraConfig> cameras = new LinkedHashMap<>();
      for (String name : videos.keySet()) {
        cameras.put(
            name, camera(url(name), isRtsp(name) ? Map.of("rtsp_flags", "listen") : Map.of()));
        senders.put(name, send(name));
      }
      run =
          CameraRun.start(
              new CamerasConfig(kafka, cameras, null, null),
              KafkaAccess.to(kafka.bootstrapServers()));
    }

    private String url(String camera) {
      int port = ports[List.copyOf(videos.keySet()).indexOf(camera)];
      return isRtsp(camera)
          ? "rtsp://127.0.0.1:" + port + "/" + camera
          : "http://127.0.0.1:" + port + "/";
    }

    private static boolean isRtsp(String camera) {
      return camera.startsWith(RTSP);
    }

    private CameraConfig camera(String input, Map<String, String> options) {
      Map<String, Zone> zones = new LinkedHashMap<>();
      for (int place = 0; place < ZONES.size(); place++) {
        zones.put(ZONES.get(place), SignVideo.zone(place));
      }
      return CameraConfig.of(input).with(zones, options).with(show.rate());
    }

    private Process send(String camera) {
      List<String> arguments = new ArrayList<>(List.of("-re", "-i", videos.get(camera).toString()));
      arguments.addAll(
          isRtsp(camera)
              ? List.of("-c", "copy", "-f", "rtsp", "-rtsp_transport", "tcp", url(camera))
              : List.of(
                  "-c:v",
                  "mjpeg",
                  "-q:v",
                  "2",
                  "-fps_mode",
                  "passthrough",
                  "-f",
                  "mpjpeg",
                  "-listen",
                  "1",
                  url(camera)));
      try {
        return FfmpegProgram.start(null, arguments);
      } catch (IOException e) {
        throw new UncheckedIOException("starting a camera", e);
      }
    }

    /** A line now and then; null in between. */
    String line() {
      if (System.nanoTime() - lineNanos < LINE_NANOS) {
        return null;
      }
      lineNanos = System.nanoTime();
      return "%d pictures read, %d frames published, %d decided at mean cost %.2f, %d events"
          .formatted(
              run.counts().values().stream().mapToLong(CameraCounts::readCount).sum(),
              published(),
              records.predictions(),
              records.meanCost(),
              records.events());
    }

    long published() {
      return run.counts().values().stream().mapToLong(CameraCounts::publishedCount).sum();
    }

    long dropped() {
      return run.counts().values().stream()
          .mapToLong(counts -> counts.droppedCount() + counts.damagedCount())
          .sum();
    }

    @Override
    public void close() {
      senders.values().forEach(Process::destroyForcibly);
      if (run != null) {
        run.close();
      }
    }
  }
}
