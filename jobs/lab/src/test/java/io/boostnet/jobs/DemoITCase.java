package io.boostnet.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.boostnet.jobs.lab.Main;
import io.boostnet.schema.ImageFrame;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class DemoITCase {

  @TempDir Path directory;

  @Test
  void demo_video_everyFrameOfBothCamerasIsDecided_andItsChangesAreTold() {
    CommandResult result =
        CommandResult.of(
            Main.commandLine(),
            "demo",
            "--video",
            "--bundle",
            "demo/models/gtsrb-msdnet",
            "--frames",
            "demo/frames/gtsrb-tracks.avro",
            "--thresholds",
            "0.9,0.9,0.9,0",
            "--seconds",
            "3",
            "--checkpoint-interval-ms",
            "1000",
            "--no-page");

    assertThat(result.code()).as(result.out() + result.err()).isZero();
    assertThat(result.out()).contains("120 shown, 120 published, 120 decided", "of 4 changes");
  }

  @Test
  void demo_videoThatHoldsStill_isInherited_andItsChangesAreTold() {
    CommandResult result =
        CommandResult.of(
            Main.commandLine(),
            "demo",
            "--video",
            "--bundle",
            "demo/models/gtsrb-msdnet",
            "--frames",
            "demo/frames/gtsrb-tracks.avro",
            "--thresholds",
            "0.9,0.9,0.9,0",
            "--seconds",
            "10",
            "--hold",
            "2",
            "--track",
            "source",
            "--unchanged",
            "8",
            "--checkpoint-interval-ms",
            "1000",
            "--no-page");

    assertThat(result.code()).as(result.out() + result.err()).isZero();
    assertThat(result.out()).contains("400 shown, 400 published, 400 decided", "of 8 changes");
    Matcher inherited = Pattern.compile("inherited +([0-9.]+) %").matcher(result.out());
    assertThat(inherited.find()).isTrue();
    assertThat(Double.parseDouble(inherited.group(1)))
        .as("most of the still two fifths")
        .isGreaterThan(30);
  }

  @Test
  void demo_badRecordsAmongFrames_everyRecordHasOneOutcome() throws IOException {
    List<ImageFrame> frames =
        LongStream.range(0, 100)
            .mapToObj(
                i ->
                    ImageFrame.newBuilder(Frames.noise("source-" + i % 4, i / 4))
                        .setLabel((int) (i % 10))
                        .build())
            .toList();
    Path report = directory.resolve("demo.json");

    CommandResult result =
        CommandResult.of(
            Main.commandLine(),
            "demo",
            "--bundle",
            TestBundle.DIRECTORY,
            "--frames",
            Frames.write(directory.resolve("frames.avro"), frames),
            "--thresholds",
            "0.2,0.2,0",
            "--seconds",
            "5",
            "--rate",
            "60",
            "--bad",
            "16",
            "--checkpoint-interval-ms",
            "1000",
            "--report",
            report);

    assertThat(result.code()).as(result.out() + result.err()).isZero();
    JsonNode json = new ObjectMapper().readTree(report.toFile());
    assertThat(json.get("published").asLong()).isEqualTo(316);
    assertThat(json.get("predictions").asLong()).isEqualTo(300);
    assertThat(json.get("deadLetters").asLong()).isEqualTo(16);
    assertThat(json.get("missing").asLong()).isZero();
    assertThat(json.get("doubled").asLong()).isZero();
    assertThat(json.get("badMissing")).isEmpty();
    assertThat(json.get("controlEvents").asLong()).isEqualTo(1);
    assertThat(json.get("accuracy").asDouble()).isBetween(0.0, 1.0);
    assertThat(json.get("meanCost").asDouble()).isBetween(0.1, 1.0);
    assertThat(json.get("throughput").asDouble()).isPositive();
    assertThat(json.at("/decisionLatencyMs/p50").asDouble()).isPositive();
    double shares =
        StreamSupport.stream(json.get("exitShares").spliterator(), false)
            .mapToDouble(JsonNode::asDouble)
            .sum();
    assertThat(shares).isCloseTo(1, within(1e-9));
    assertThat(result.out()).contains("Every record has exactly one outcome.");
  }
}
