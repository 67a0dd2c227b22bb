package io.boostnet.jobs.trial;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.boostnet.jobs.CommandResult;
import io.boostnet.jobs.lab.Main;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tracks and still cameras in the running job, on the shipped signs. */
@Timeout(240)
class TrackTrialITCase {

  private static final Path SHIPPED = Path.of("demo");

  @TempDir Path directory;

  @Test
  void tracksAndStillCameras_costLess_andSayTheSame() throws Exception {
    Path report = directory.resolve("tracks.json");
    CommandResult result =
        CommandResult.of(
            Main.commandLine(),
            "bench",
            "tracks",
            "--bundle",
            SHIPPED.resolve("models/gtsrb-msdnet"),
            "--frames",
            SHIPPED.resolve("frames/gtsrb-tracks.avro"),
            "--report",
            report);

    assertThat(result.err()).isEmpty();
    assertThat(result.code()).isZero();
    JsonNode rows = new ObjectMapper().readTree(report.toFile()).get("rows");
    JsonNode alone = rows.get(0);
    JsonNode skipping = rows.get(1);
    assertThat(alone.get("meanCost").asDouble())
        .isGreaterThan(1.9 * skipping.get("meanCost").asDouble());
    assertThat(skipping.get("accuracy").asDouble())
        .isGreaterThanOrEqualTo(alone.get("accuracy").asDouble());
    JsonNode still = rows.get(2);
    JsonNode unchanged = rows.get(3);
    assertThat(still.get("ran").asLong())
        .isGreaterThanOrEqualTo(10 * unchanged.get("ran").asLong());
    assertThat(unchanged.get("frames")).isEqualTo(still.get("frames"));
    assertThat(unchanged.get("right").asInt())
        .isGreaterThanOrEqualTo(still.get("right").asInt() - 1);
    assertThat(falseEvents(unchanged)).isLessThanOrEqualTo(falseEvents(still));
  }

  private static int falseEvents(JsonNode row) {
    return row.get("events").asInt() - row.get("right").asInt();
  }
}
