package io.boostnet.jobs.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.runtime.clusterframework.TaskExecutorProcessSpec;
import org.apache.flink.runtime.clusterframework.TaskExecutorProcessUtils;
import org.junit.jupiter.api.Test;

/** What the page of operations tells to set is what it says is needed. */
class OperationsPageTest {

  private static final int HEAP_PER_SLOT_MB = 256;
  private static final int OFF_HEAP_PER_SLOT_MB = 256;

  @Test
  void flinkYaml_leavesEverySlotTheHeapThatSizingAsksFor() throws IOException {
    String page = Files.readString(Path.of("..", "docs", "operations.md"));
    assertThat(page.replaceAll("\\s+", " "))
        .contains("per slot: 256 MB of task heap and 256 MB of task off-heap");
    Matcher yaml =
        Pattern.compile("(?s)```yaml\\n(taskmanager\\.numberOfTaskSlots.*?)```").matcher(page);
    assertThat(yaml.find()).isTrue();
    JsonNode settings = new YAMLMapper().readTree(yaml.group(1));
    Configuration flink = new Configuration();
    settings.properties().forEach(s -> flink.setString(s.getKey(), s.getValue().asText()));

    TaskExecutorProcessSpec process = TaskExecutorProcessUtils.processSpecFromConfig(flink);

    int slots = flink.get(TaskManagerOptions.NUM_TASK_SLOTS);
    assertThat(process.getTaskHeapSize().getMebiBytes())
        .isGreaterThanOrEqualTo(HEAP_PER_SLOT_MB * slots);
    assertThat(process.getTaskOffHeapSize().getMebiBytes())
        .isGreaterThanOrEqualTo(OFF_HEAP_PER_SLOT_MB * slots);
    assertThat(page)
        .contains("leaves " + process.getTaskHeapSize().getMebiBytes() + " MB of task heap");
  }
}
