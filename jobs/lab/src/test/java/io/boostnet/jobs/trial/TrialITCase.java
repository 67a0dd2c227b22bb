package io.boostnet.jobs.trial;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.boostnet.jobs.CommandResult;
import io.boostnet.jobs.lab.Main;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A short trial on a real broker: the report adds up, and the budget is a guarantee. */
@Timeout(180)
class TrialITCase {

  private static final Path SHIPPED = Path.of("demo");

  @TempDir Path directory;

  @Test
  void budget_underCorruption_isHeldForEveryRunOfFrames() throws Exception {
    Path report = directory.resolve("budget.json");
    Path plot = directory.resolve("budget.png");
    CommandResult result =
        CommandResult.of(
            Main.commandLine(),
            "bench",
            "budget",
            "--bundle",
            SHIPPED.resolve("models/gtsrb-msdnet"),
            "--frames",
            SHIPPED.resolve("frames/gtsrb-tracks.avro"),
            "--share",
            "0.55",
            "--count",
            "6000",
            "--rate",
            "600",
            "--report",
            report,
            "--plot",
            plot);

    assertThat(result.err()).isEmpty();
    assertThat(result.code()).isZero();
    assertThat(Files.size(plot)).isPositive();
    JsonNode read = new ObjectMapper().readTree(report.toFile());
    JsonNode controlled = read.get("rows").get(0);
    JsonNode constant = read.get("rows").get(1);
    assertThat(controlled.get("missing").asLong()).isZero();
    assertThat(controlled.get("dearestRun").asDouble())
        .isLessThanOrEqualTo(read.get("bound").asDouble());
    assertThat(controlled.get("meanCost").asDouble()).isBetween(0.5, 0.57);
    assertThat(constant.get("forcedShare").asDouble()).isZero();
    assertThat(constant.get("costCorrupted").asDouble())
        .isGreaterThan(constant.get("costClean").asDouble());
  }
}
