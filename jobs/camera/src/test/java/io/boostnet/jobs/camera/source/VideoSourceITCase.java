package io.boostnet.jobs.camera.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.boostnet.jobs.camera.config.CameraConfig;
import io.boostnet.jobs.camera.config.Zone;
import io.boostnet.jobs.camera.input.FfmpegProgram;
import io.boostnet.schema.ImageFrame;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.api.common.state.CheckpointListener;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.CloseableIterator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Files through a real Flink cluster in this JVM. */
@Timeout(90)
class VideoSourceITCase {

  private static final int FRAMES = 60;

  @TempDir static Path directory;
  private static Path clip;

  @BeforeAll
  static void makeClip() throws IOException {
    clip = directory.resolve("clip.mp4");
    FfmpegProgram.run(
        "-f",
        "lavfi",
        "-i",
        "testsrc2=s=160x120:r=20:d=3",
        "-c:v",
        "libopenh264",
        "-metadata",
        "creation_time=2026-05-01T08:00:00Z",
        clip.toString());
  }

  @Test
  void files_jobFailsAfterACheckpoint_everyFrameIsThereOnce() throws Exception {
    Map<String, CameraConfig> cameras = new LinkedHashMap<>();
    cameras.put("gate", zoned(clip.toString(), "realtime"));
    cameras.put("yard", zoned(clip.toString(), "fast"));
    Failing.failed.set(false);

    List<String> seen = new ArrayList<>();
    StreamExecutionEnvironment env = environment();
    var stream =
        env.fromSource(VideoSource.of(cameras), WatermarkStrategy.noWatermarks(), "cameras")
            .map(VideoSourceITCase::identity)
            .returns(String.class)
            .map(new Failing());
    try (CloseableIterator<String> frames = stream.executeAndCollect()) {
      frames.forEachRemaining(seen::add);
    }

    assertThat(Failing.failed).isTrue();
    List<String> expected = new ArrayList<>();
    for (String source : List.of("gate", "gate/door", "yard", "yard/door")) {
      LongStream.range(0, FRAMES).mapToObj(i -> source + " " + i).forEach(expected::add);
    }
    assertThat(seen).containsExactlyInAnyOrderElementsOf(expected);
  }

  @Test
  void file_thatIsNoVideo_failsTheJobInOneSentence() throws Exception {
    Path text = Files.writeString(directory.resolve("text.mp4"), "no video");
    Configuration once = new Configuration();
    once.set(RestartStrategyOptions.RESTART_STRATEGY, "disable");
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(once);
    env.fromSource(
            VideoSource.of(Map.of("gate", CameraConfig.of(text.toString()))),
            WatermarkStrategy.noWatermarks(),
            "cameras")
        .map(VideoSourceITCase::identity)
        .returns(String.class)
        .print();

    assertThatThrownBy(env::execute)
        .hasStackTraceContaining("The camera gate cannot be read: ")
        .hasStackTraceContaining("cannot be opened");
  }

  private static String identity(ImageFrame frame) {
    return frame.getSourceId() + " " + frame.getSequence();
  }

  private static StreamExecutionEnvironment environment() {
    Configuration flink = new Configuration();
    flink.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
    flink.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofMillis(100));
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(flink);
    env.setParallelism(2);
    env.enableCheckpointing(200);
    return env;
  }

  private static CameraConfig zoned(String input, String pace) {
    CameraConfig all = CameraConfig.of(input);
    return new CameraConfig(
        input,
        null,
        null,
        Map.of("door", Zone.of(0, 0, 50, 50)),
        true,
        null,
        pace,
        null,
        null,
        null,
        null,
        null,
        all.queue(),
        null,
        null);
  }

  /** Fails once, behind a checkpoint. */
  private static final class Failing extends RichMapFunction<String, String>
      implements CheckpointListener {

    private static final AtomicBoolean failed = new AtomicBoolean();
    private transient boolean checkpointed;

    @Override
    public String map(String frame) {
      if (checkpointed && frame.startsWith("gate ") && failed.compareAndSet(false, true)) {
        throw new IllegalStateException("a failure that the test makes");
      }
      return frame;
    }

    @Override
    public void notifyCheckpointComplete(long checkpointId) {
      checkpointed = true;
    }
  }
}
