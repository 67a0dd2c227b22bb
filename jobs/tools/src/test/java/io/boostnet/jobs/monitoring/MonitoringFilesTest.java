package io.boostnet.jobs.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The files of monitoring fit each other and their documentation. */
class MonitoringFilesTest {

  private static final Path DOCKER = Path.of("..", "docker");
  private static final Path GRAFANA = DOCKER.resolve("grafana");
  private static final int GRID_COLUMNS = 24;

  private static JsonNode yaml(Path file) throws IOException {
    return new YAMLMapper().readTree(file.toFile());
  }

  private static JsonNode dashboard() throws IOException {
    Path file = GRAFANA.resolve("dashboards").resolve("boostnet.json");
    return new ObjectMapper().readTree(file.toFile());
  }

  @Test
  void everyRule_isDocumented_andEveryAlertIsTestedToFireAndNotTo() throws IOException {
    String operations = Files.readString(Path.of("..", "docs", "operations.md"));
    Set<String> firing = new HashSet<>();
    Set<String> quiet = new HashSet<>();
    for (JsonNode test : yaml(DOCKER.resolve("prometheus/rules-test.yaml")).path("tests")) {
      for (JsonNode expected : test.path("alert_rule_test")) {
        (expected.path("exp_alerts").isEmpty() ? quiet : firing)
            .add(expected.path("alertname").asText());
      }
    }
    List<String> alerts = new ArrayList<>();
    for (JsonNode group : yaml(DOCKER.resolve("prometheus/rules.yaml")).path("groups")) {
      for (JsonNode rule : group.path("rules")) {
        boolean alert = rule.has("alert");
        String name = rule.path(alert ? "alert" : "record").asText();
        assertThat(operations).contains("`" + name + "`");
        if (alert) {
          alerts.add(name);
        }
      }
    }
    assertThat(firing).containsExactlyInAnyOrderElementsOf(alerts);
    assertThat(quiet).containsExactlyInAnyOrderElementsOf(alerts);
  }

  @Test
  void panels_haveNumbersOfTheirOwn_andDoNotOverlap() throws IOException {
    Set<Integer> ids = new HashSet<>();
    Set<List<Integer>> cells = new HashSet<>();
    for (JsonNode panel : dashboard().path("panels")) {
      String title = panel.path("title").asText();
      assertThat(ids.add(panel.path("id").asInt())).as(title).isTrue();
      JsonNode place = panel.path("gridPos");
      int right = place.path("x").asInt() + place.path("w").asInt();
      assertThat(right).as(title).isLessThanOrEqualTo(GRID_COLUMNS);
      for (int x = place.path("x").asInt(); x < right; x++) {
        for (int row = 0; row < place.path("h").asInt(); row++) {
          assertThat(cells.add(List.of(x, place.path("y").asInt() + row))).as(title).isTrue();
        }
      }
    }
    assertThat(ids).hasSizeGreaterThan(20);
  }

  @Test
  void panels_askTheProvisionedDataSource() throws IOException {
    String provisioned =
        yaml(GRAFANA.resolve("provisioning/datasources/prometheus.yaml"))
            .path("datasources")
            .path(0)
            .path("uid")
            .asText();
    for (JsonNode panel : dashboard().path("panels")) {
      if (!panel.path("type").asText().equals("row")) {
        assertThat(panel.path("datasource").path("uid").asText()).isEqualTo(provisioned);
      }
    }
  }
}
