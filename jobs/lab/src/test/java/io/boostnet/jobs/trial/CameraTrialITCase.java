package io.boostnet.jobs.trial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.boostnet.jobs.CommandResult;
import io.boostnet.jobs.Frames;
import io.boostnet.jobs.lab.Main;
import io.boostnet.schema.ImageFrame;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One budget over four cameras in the running job, with priorities, on the shipped signs. */
@Timeout(360)
class CameraTrialITCase {

  private static final Path SHIPPED = Path.of("demo");
  private static final double SHARE = 0.52;

  @TempDir Path directory;

  @Test
  void cameras_underOneBudget_shareByNeedAndPriority_atTheSameCost() throws Exception {
    Path report = directory.resolve("cameras.json");
    CommandResult result =
        cameras(
            SHIPPED.resolve("frames/gtsrb-tracks.avro"),
            "--share",
            SHARE,
            "--priorities",
            "camera-1=20",
            "--report",
            report);

    assertThat(result.err()).isEmpty();
    assertThat(result.code()).isZero();
    JsonNode rows = new ObjectMapper().readTree(report.toFile()).get("rows");
    JsonNode alike = rows.get(1);
    JsonNode weighted = rows.get(2);
    for (JsonNode row : rows) {
      assertThat(row.get("cost").asDouble()).isEqualTo(SHARE, within(0.03));
    }
    assertThat(cost(alike, 3)).as("the hard one").isGreaterThan(cost(alike, 1) + 0.03);
    assertThat(cost(weighted, 0)).as("the one that matters").isGreaterThan(cost(alike, 0) + 0.01);
    assertThat(cost(weighted, 3)).as("the hard one").isLessThan(cost(alike, 3));
  }

  @Test
  void frames_ofFewerSourcesThanCameras_areRefused() {
    Path file =
        Frames.write(directory.resolve("frames.avro"), List.of(labelled("gate"), labelled("yard")));
    CommandResult result = cameras(file);

    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err())
        .contains("--frames " + file + " has 2 sources", "at least 4")
        .hasLineCount(1);
  }

  @Test
  void frames_withoutLabels_areRefused() {
    Path file =
        Frames.write(
            directory.resolve("frames.avro"), List.of(labelled("gate"), Frames.frame("yard", 0)));
    CommandResult result = cameras(file);

    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err())
        .contains(file + " has no label at frame 0 of source yard")
        .hasLineCount(1);
  }

  private static ImageFrame labelled(String source) {
    ImageFrame frame = Frames.frame(source, 0);
    frame.setLabel(0);
    return frame;
  }

  private static CommandResult cameras(Path frames, Object... more) {
    List<Object> words = new ArrayList<>(List.of("bench", "cameras", "--frames", frames));
    words.addAll(List.of("--bundle", SHIPPED.resolve("models/gtsrb-msdnet")));
    words.addAll(List.of(more));
    return CommandResult.of(Main.commandLine(), words.toArray());
  }

  private static double cost(JsonNode row, int camera) {
    return row.get("cameras").get(camera).get("cost").asDouble();
  }
}
