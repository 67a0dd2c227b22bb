package io.boostnet.jobs.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.boostnet.jobs.CommandResult;
import io.boostnet.jobs.lab.Main;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Events of the labelled video, made of the shipped tracks, at equal cost. */
@Timeout(240)
class EventTrialTest {

  private static final Path SHIPPED = Path.of("demo");

  @TempDir Path directory;

  @Test
  void ways_spendTheSame_andTracksTellNoFewerChanges() throws Exception {
    Path report = directory.resolve("events.json");
    CommandResult result =
        CommandResult.of(
            Main.commandLine(),
            "bench",
            "events",
            "--bundle",
            SHIPPED.resolve("models/gtsrb-msdnet"),
            "--frames",
            SHIPPED.resolve("frames/gtsrb-tracks.avro"),
            "--mean-costs",
            "0.25",
            "--report",
            report);

    assertThat(result.err()).isEmpty();
    assertThat(result.code()).isZero();
    JsonNode sections = new ObjectMapper().readTree(report.toFile());
    assertThat(sections).hasSize(2);
    for (JsonNode section : sections) {
      for (JsonNode row : section.get("rows")) {
        assertThat(row.get("cost").asDouble()).as("%s", row).isBetween(0.24, 0.252);
        assertThat(row.get("changes").asInt()).isEqualTo(70);
      }
      JsonNode alone = section.get("rows").get(0);
      JsonNode skipping = section.get("rows").get(3);
      assertThat(alone.get("way").asText()).isEqualTo("frames alone");
      assertThat(skipping.get("way").asText()).isEqualTo("filter, skip 2, by objects");
      assertThat(skipping.get("recall").asDouble())
          .isGreaterThanOrEqualTo(alone.get("recall").asDouble());
      assertThat(skipping.get("delayP50").asLong()).isLessThan(alone.get("delayP50").asLong());
    }
    assertThat(accuracyAlone(sections.get(1)))
        .as("corrupted frames are harder")
        .isLessThan(accuracyAlone(sections.get(0)));
  }

  private static double accuracyAlone(JsonNode section) {
    return section.get("rows").get(0).get("accuracy").asDouble();
  }
}
