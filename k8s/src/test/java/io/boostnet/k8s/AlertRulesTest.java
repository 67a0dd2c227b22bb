package io.boostnet.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The PrometheusRule holds the rules that Prometheus itself reads in the compose file, where they
 * are tested. Kustomize reads no file outside of its directory, hence a copy, and this test; with
 * {@code -Drules.write=true} it writes the copy anew.
 */
class AlertRulesTest {

  private static final Path RULES = Path.of("..", "docker", "prometheus", "rules.yaml");
  private static final Path RESOURCE = Path.of("base", "rules.yaml");

  private static final String HEAD =
      """
      # Made of docker/prometheus/rules.yaml, for the Prometheus Operator. Not edited by hand: change the rules
      # there, then run   mvn test -pl k8s -Dtest=AlertRulesTest -Drules.write=true
      apiVersion: monitoring.coreos.com/v1
      kind: PrometheusRule
      metadata:
        name: boostnet
      spec:
      """;

  @Test
  void prometheusRule_isTheRulesFile() throws IOException {
    String expected =
        HEAD
            + Files.readAllLines(RULES).stream()
                .map(line -> line.isEmpty() ? "\n" : "  " + line + "\n")
                .collect(Collectors.joining());
    if (Boolean.getBoolean("rules.write")) {
      Files.writeString(RESOURCE, expected);
    }
    assertThat(Files.readString(RESOURCE)).isEqualTo(expected);
    assertThat(Rendered.YAML.readTree(expected).get("spec"))
        .isEqualTo(Rendered.YAML.readTree(RULES.toFile()));
  }
}
