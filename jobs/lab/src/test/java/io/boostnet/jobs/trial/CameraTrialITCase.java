package io.boostnet.jobs.trial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.boostnet.jobs.CommandResult;
import io.boostnet.jobs.Frames;
import io.boostnet.jobs.lab.Main;
import java.nio.file.Path;
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
        CommandResult.of(
            Main.commandLine(),
            "bench",
            "cameras",
            "--bundle",
            SHIPPED.resolve("models/gtsrb-msdnet"),
            "--frames",
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
    byte[] image = {1};
    Path file =
        Frames.write(
            directory.resolve("frames.avro"),
            List.of(
                Frames.frame("gate", 0, "image/png", image),
                Frames.frame("yard", 0, "image/png", image)));
    CommandResult result =
        CommandResult.of(
            Main.commandLine(),
            "bench",
            "cameras",
            "--bundle",
            SHIPPED.resolve("models/gtsrb-msdnet"),
            "--frames",
            file);

    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err())
        .contains("--frames " + file + " has 2 sources", "at least 4")
        .hasLineCount(1);
  }

  private static double cost(JsonNode row, int camera) {
    return row.get("cameras").get(camera).get("cost").asDouble();
  }
}
