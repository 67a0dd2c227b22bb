package io.boostnet.jobs.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.boostnet.jobs.CommandResult;
import io.boostnet.jobs.Frames;
import io.boostnet.jobs.TestBundle;
import io.boostnet.jobs.lab.Main;
import io.boostnet.schema.ImageFrame;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** That every row of the report runs and adds up; the figures are noise. */
@Timeout(240)
class BenchITCase {

  @TempDir Path directory;

  @Test
  void report_quick_hasAllRowsWithFigures() throws Exception {
    List<ImageFrame> labelled = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      ImageFrame frame = Frames.noise("camera", i);
      frame.setLabel(i % 10);
      labelled.add(frame);
    }
    Path frames = Frames.write(directory.resolve("frames.avro"), labelled);
    Path json = directory.resolve("bench.json");
    Path page = directory.resolve("docs").resolve("bench.md");
    Path plot = directory.resolve("docs").resolve("bench.png");

    CommandResult result =
        CommandResult.of(
            Main.commandLine(),
            "bench",
            "report",
            "--quick",
            "--only",
            "throughput",
            "--bundle",
            TestBundle.DIRECTORY.toString(),
            "--frames",
            frames.toString(),
            "--thresholds",
            "0.2,0.2,0",
            "--report",
            json.toString(),
            "--markdown",
            page.toString(),
            "--plot",
            plot.toString());

    assertThat(result.code()).as(result.toString()).isZero();
    JsonNode throughput = new ObjectMapper().readTree(json.toFile()).at("/tables/0/rows");
    assertThat(throughput).hasSize(8);
    for (JsonNode row : throughput) {
      JsonNode figures = row.get("figures");
      assertThat(figures.get("images/s").asDouble()).as(row.toString()).isPositive();
      assertThat(figures.get("CPU s per 1,000").asDouble()).as(row.toString()).isPositive();
      assertThat(figures.get("accuracy %").asDouble()).as(row.toString()).isBetween(0.0, 100.0);
    }
    assertThat(Files.readString(page)).contains("# Benchmarks", "](bench.png)", "| Flink |");
    assertThat(plot).exists();
  }
}
