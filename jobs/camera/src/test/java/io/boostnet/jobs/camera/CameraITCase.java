package io.boostnet.jobs.camera;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.boostnet.jobs.broker.Await;
import io.boostnet.jobs.broker.BrokerExtension;
import io.boostnet.jobs.broker.FreePorts;
import io.boostnet.jobs.camera.config.CamerasConfig;
import io.boostnet.jobs.camera.config.CamerasConfigReader;
import io.boostnet.jobs.camera.feed.CameraCounts;
import io.boostnet.jobs.camera.feed.CameraCounts.State;
import io.boostnet.jobs.camera.input.FfmpegProgram;
import io.boostnet.jobs.format.ZonePlace;
import io.boostnet.jobs.kafka.KafkaAccess;
import io.boostnet.schema.ImageFrame;
import io.boostnet.schema.SingleObject;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import javax.imageio.ImageIO;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** Cameras that are real ffmpeg processes, to a real broker. */
@Timeout(120)
@ExtendWith(BrokerExtension.class)
class CameraITCase {

  private static final Duration PATIENCE = Duration.ofSeconds(40);
  private static final int CUTS = 5;
  private static final String PYTHON = "/usr/bin/python3";

  /** What rtsp_server.py makes its pipelines of. */
  private static final List<String> SERVER_ELEMENTS =
      List.of("videotestsrc", "openh264enc", "h264parse", "rtph264pay", "jpegenc", "rtpjpegpay");

  @TempDir Path directory;

  private final List<Process> processes = new ArrayList<>();

  @AfterEach
  void killCameras() throws InterruptedException {
    for (Process process : processes) {
      process.destroyForcibly().waitFor();
    }
  }

  @Test
  void files_read_everyFrameAndZoneIsOnTheTopicOnce(KafkaAccess kafka) throws IOException {
    Path clip = directory.resolve("clip.mp4");
    FfmpegProgram.run(
        "-f",
        "lavfi",
        "-i",
        "testsrc2=s=320x240:r=10:d=4",
        "-c:v",
        "libopenh264",
        "-metadata",
        "creation_time=2026-05-01T08:00:00Z",
        clip.toString());
    Path images = Files.createDirectories(directory.resolve("images"));
    FfmpegProgram.run(
        "-f", "lavfi", "-i", "testsrc2=s=64x48:r=5:d=1", images.resolve("%03d.jpg").toString());
    String yaml =
        """
        kafka: {bootstrapServers: "%s", topics: {frames: files}}
        cameras:
          clip: {input: "%s", rate: 5, whole: true, zones: {door: [10, 10, 50, 40], bay: [290, 0, 64, 64]}}
          stills: {input: "%s", frameRate: 2, start: "2026-01-01T00:00:00Z"}
        """
            .formatted(kafka.bootstrapServers(), clip, images);
    StringWriter out = new StringWriter();

    int code =
        new CommandLine(new CameraCommand())
            .setOut(new PrintWriter(out))
            .execute("--config", config(yaml).toString());

    assertThat(code).as(out.toString()).isZero();
    Map<String, List<ImageFrame>> bySource = read(kafka, "files");
    assertThat(bySource.keySet())
        .containsExactlyInAnyOrder("clip", "clip/door", "clip/bay", "stills");
    List<Long> everySecond = LongStream.range(0, 20).map(i -> 2 * i).boxed().toList();
    for (String source : List.of("clip", "clip/door", "clip/bay")) {
      assertThat(sequences(bySource.get(source))).isEqualTo(everySecond);
      assertThat(bySource.get(source).get(1).getTimestampMs())
          .isEqualTo(Instant.parse("2026-05-01T08:00:00.200Z").toEpochMilli());
    }
    assertThat(sequences(bySource.get("stills"))).containsExactly(0L, 1L, 2L, 3L, 4L);
    assertThat(bySource.get("stills").get(3).getTimestampMs())
        .isEqualTo(Instant.parse("2026-01-01T00:00:01.500Z").toEpochMilli());
    assertThat(bySource.get("stills").get(0).getImage().array())
        .isEqualTo(Files.readAllBytes(images.resolve("001.jpg")));
    assertThat(out.toString())
        .contains("clip: 60 frames of 40 pictures (0 damaged)")
        .doesNotContain("ended");
  }

  @Test
  void mjpegOverHttp_cutAndBack_goesOnEveryTime(KafkaAccess kafka) throws Exception {
    int port = FreePorts.choose(1)[0];
    String yaml =
        """
        kafka: {bootstrapServers: "%s", topics: {frames: mjpeg}}
        cameras: {yard: {input: "http://127.0.0.1:%d/", rate: 10, retrySeconds: 1, stallSeconds: 5}}
        """
            .formatted(kafka.bootstrapServers(), port);

    cutAndBack(
        kafka,
        "mjpeg",
        yaml,
        List.of("-c:v", "mjpeg", "-f", "mpjpeg", "-listen", "1", "http://127.0.0.1:" + port + "/"));
  }

  /** The camera sends to us (ANNOUNCE, RECORD), as ffmpeg's program has no RTSP server. */
  @Test
  void rtsp_cutAndBack_goesOnEveryTime(KafkaAccess kafka) throws Exception {
    int port = FreePorts.choose(1)[0];
    String yaml =
        """
        kafka: {bootstrapServers: "%s", topics: {frames: rtsp}}
        cameras:
          gate:
            input: "rtsp://127.0.0.1:%d/gate"
            rate: 10
            retrySeconds: 1
            stallSeconds: 5
            options: {rtsp_flags: listen}
        """
            .formatted(kafka.bootstrapServers(), port);

    cutAndBack(
        kafka,
        "rtsp",
        yaml,
        List.of(
            "-c:v",
            "libopenh264",
            "-g",
            "10",
            "-f",
            "rtsp",
            "-rtsp_transport",
            "tcp",
            "rtsp://127.0.0.1:" + port + "/gate"));
  }

  /** The camera is asked (DESCRIBE, PLAY), as most are: a server of GStreamer's, where it is. */
  @ParameterizedTest
  @ValueSource(strings = {"h264", "mjpeg"})
  void rtspServer_cutAndBack_goesOnEveryTime(String codec, KafkaAccess kafka) throws Exception {
    Path script = Path.of("camera", "src", "test", "resources", "rtsp_server.py");
    assumeTrue(
        hasGStreamer(),
        "no server: apt-get install python3-gi gir1.2-gst-rtsp-server-1.0 gstreamer1.0-plugins-base"
            + " gstreamer1.0-plugins-good gstreamer1.0-plugins-bad");
    String port = String.valueOf(FreePorts.choose(1)[0]);
    String yaml =
        """
        kafka: {bootstrapServers: "%s", topics: {frames: "asked-%s"}}
        cameras:
          gate: {input: "rtsp://127.0.0.1:%s/gate", rate: 10, retrySeconds: 1, stallSeconds: 5}
        """
            .formatted(kafka.bootstrapServers(), codec, port);

    cutAndBack(kafka, "asked-" + codec, yaml, () -> python(script.toString(), port, codec));
  }

  private boolean hasGStreamer() throws InterruptedException {
    if (!Files.isExecutable(Path.of(PYTHON))) {
      return false;
    }
    Process asked =
        started(
            () ->
                python(
                    "-c",
                    "import gi; gi.require_version('GstRtspServer', '1.0');"
                        + "from gi.repository import Gst, GstRtspServer; Gst.init(None);"
                        + "assert all(map(Gst.ElementFactory.find, '"
                        + String.join(" ", SERVER_ELEMENTS)
                        + "'.split()))"));
    return asked.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS) && asked.exitValue() == 0;
  }

  private static Process python(String... arguments) {
    List<String> command = new ArrayList<>(List.of(PYTHON));
    command.addAll(List.of(arguments));
    try {
      return new ProcessBuilder(command)
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private void cutAndBack(KafkaAccess kafka, String topic, String yaml, List<String> sends)
      throws Exception {
    cutAndBack(kafka, topic, yaml, () -> send(sends));
  }

  private void cutAndBack(KafkaAccess kafka, String topic, String yaml, Supplier<Process> start)
      throws Exception {
    CamerasConfig config = CamerasConfigReader.read(config(yaml), null);
    kafka.ensureTopics(Map.of(topic, 2));
    long published;
    long began = System.currentTimeMillis();
    try (CameraRun run = CameraRun.start(config, kafka)) {
      CameraCounts counts = run.counts().values().iterator().next();
      for (int cut = 0; cut <= CUTS; cut++) {
        Process camera = sendUntil(counts, counts.connectionCount() + 1, start);
        camera.destroyForcibly().waitFor();
        Await.until("the end is noticed", PATIENCE, () -> counts.state() != State.RUNNING);
      }
      assertThat(counts.connectionCount()).isGreaterThan(CUTS);
      assertThat(counts.droppedCount()).isZero();
      assertThat(counts.refusedCount()).isZero();
      run.flush(PATIENCE);
      published = counts.publishedCount();
    }
    assertThat(cameraThreads()).isEmpty();
    List<ImageFrame> frames = read(kafka, topic).values().iterator().next();
    assertThat(frames).hasSize((int) published);
    assertThat(sequences(frames)).isSorted().doesNotHaveDuplicates();
    assertThat(frames)
        .allSatisfy(
            frame ->
                assertThat(frame.getTimestampMs())
                    .isBetween(began - 1_000, System.currentTimeMillis()));
  }

  /** A camera that pushes may come before we listen: it is started until it is heard. */
  private Process sendUntil(CameraCounts counts, long connections, Supplier<Process> start) {
    Process[] camera = {started(start)};
    Await.until(
        () -> connections + " connections, there are " + counts.connectionCount(),
        PATIENCE,
        () -> {
          if (counts.connectionCount() < connections && !camera[0].isAlive()) {
            camera[0] = started(start);
          }
          return counts.connectionCount() >= connections;
        });
    long published = counts.publishedCount() + 8; // some of them may be of the connection before
    Await.until(
        () -> published + " frames, there are " + counts.publishedCount() + " " + counts.problem(),
        PATIENCE,
        () -> counts.publishedCount() >= published);
    return camera[0];
  }

  private Process started(Supplier<Process> start) {
    Process process = start.get();
    processes.add(process);
    return process;
  }

  private static Process send(List<String> sends) {
    List<String> arguments =
        new ArrayList<>(List.of("-re", "-f", "lavfi", "-i", "testsrc2=s=320x240:r=10:d=60"));
    arguments.addAll(sends);
    try {
      return FfmpegProgram.start(null, arguments);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<String> cameraThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(Thread::isAlive)
        .map(Thread::getName)
        .filter(name -> name.startsWith("camera-"))
        .toList();
  }

  private Path config(String yaml) throws IOException {
    return Files.writeString(directory.resolve("cameras.yaml"), yaml);
  }

  private static List<Long> sequences(List<ImageFrame> frames) {
    return frames.stream().map(ImageFrame::getSequence).toList();
  }

  /** All of a topic, by source, each in the order of its partition. */
  private static Map<String, List<ImageFrame>> read(KafkaAccess kafka, String topic)
      throws IOException {
    List<ImageFrame> frames = new ArrayList<>();
    Properties properties = kafka.properties();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(info -> new TopicPartition(topic, info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      long end = consumer.endOffsets(partitions).values().stream().mapToLong(o -> o).sum();
      while (frames.size() < end) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
          ImageFrame frame = SingleObject.decoder(ImageFrame.class).decode(record.value());
          frames.add(frame);
          assertThat(new String(record.key())).isEqualTo(frame.getSourceId());
          BufferedImage image = ImageIO.read(new ByteArrayInputStream(frame.getImage().array()));
          ZonePlace.of(record.headers())
              .ifPresent(
                  place ->
                      assertThat(List.of(place.width(), place.height()))
                          .as("where %s lies is what was cut", frame.getSourceId())
                          .containsExactly(image.getWidth(), image.getHeight()));
          assertThat(record.headers().headers(ZonePlace.HEADER))
              .hasSize(frame.getSourceId().contains("/") ? 1 : 0);
        }
      }
    }
    return frames.stream().collect(Collectors.groupingBy(frame -> frame.getSourceId().toString()));
  }
}
