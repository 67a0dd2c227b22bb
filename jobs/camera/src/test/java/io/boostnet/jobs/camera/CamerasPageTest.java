package io.boostnet.jobs.camera;

import static org.assertj.core.api.Assertions.assertThat;

import io.boostnet.jobs.camera.config.CameraConfig;
import io.boostnet.jobs.camera.config.CamerasConfig;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The page tells every key and metric, and no other. */
class CamerasPageTest {

  private static final Path PAGE = Path.of("..", "docs", "cameras.md");

  @Test
  void keys_ofTheTable_areThoseThatAreRead() throws IOException {
    List<String> keys =
        Arrays.stream(CameraConfig.class.getRecordComponents())
            .map(RecordComponent::getName)
            .toList();

    assertThat(rows("## Keys", "## What a frame says")).isEqualTo(keys);
    String page = Files.readString(PAGE);
    for (RecordComponent key : CamerasConfig.class.getRecordComponents()) {
      assertThat(page).contains("`" + key.getName() + "`");
    }
  }

  @Test
  void metrics_ofTheTable_areThoseThatAreServed() throws IOException {
    List<String> served =
        CameraMetrics.page(Map.of())
            .lines()
            .filter(line -> line.startsWith("# TYPE "))
            .map(line -> line.split(" ")[2])
            .toList();

    assertThat(rows("## Metrics", null)).isEqualTo(served);
  }

  /** The first cells of a section's tables. */
  private static List<String> rows(String from, String to) throws IOException {
    String page = Files.readString(PAGE);
    String section =
        page.substring(page.indexOf(from), to == null ? page.length() : page.indexOf(to));
    return Pattern.compile("(?m)^\\| `(\\w+)` \\|")
        .matcher(section)
        .results()
        .map((MatchResult row) -> row.group(1))
        .toList();
  }
}
