package io.boostnet.jobs.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.boostnet.jobs.CommandResult;
import io.boostnet.jobs.broker.Await;
import io.boostnet.jobs.broker.BrokerExtension;
import io.boostnet.jobs.broker.FreePorts;
import io.boostnet.jobs.kafka.KafkaAccess;
import io.boostnet.jobs.serve.ServeProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * The rules and the dashboard of {@code docker/}, checked by promtool, and evaluated by a real
 * Prometheus that scrapes a job which runs.
 */
@ExtendWith(BrokerExtension.class)
class MonitoringITCase {

  private static final Path PROMETHEUS = Path.of("/usr/bin/prometheus");
  private static final Path PROMTOOL = Path.of("/usr/bin/promtool");
  private static final Path CONFIG = Path.of("..", "docker", "prometheus", "prometheus.yaml");
  private static final Path RULES = CONFIG.resolveSibling("rules.yaml");
  private static final Path DASHBOARD =
      Path.of("..", "docker", "grafana", "dashboards", "boostnet.json");
  private static final String PIPELINE = "monitored";
  private static final Duration PATIENCE = Duration.ofSeconds(120);

  @TempDir static Path directory;

  @BeforeAll
  static void requirePrometheus() {
    assumeTrue(
        Files.isExecutable(PROMETHEUS) && Files.isExecutable(PROMTOOL),
        "no Prometheus: apt-get install prometheus");
  }

  @Test
  void promtool_findsNothingWrong() throws Exception {
    promtool("check", "config", CONFIG);
    promtool("test", "rules", CONFIG.resolveSibling("rules-test.yaml"));
  }

  private static void promtool(String what, String kind, Path file) throws Exception {
    Process process =
        new ProcessBuilder(PROMTOOL.toString(), what, kind, file.toString())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
  }

  @Test
  void everyExpression_onALiveJob_hasAnAnswer(KafkaAccess kafka) throws Exception {
    int port = FreePorts.choose(1)[0];
    try (ServeProcess job =
            ServeProcess.start(
                directory.resolve("serve.log"),
                Map.of(),
                "--bundle",
                Path.of("demo", "models", "gtsrb-msdnet"),
                "--pipeline",
                PIPELINE,
                "--bootstrap",
                kafka.bootstrapServers(),
                "--frames-topic",
                PIPELINE + "-frames",
                "--predictions-topic",
                PIPELINE + "-predictions",
                "--dead-letters-topic",
                PIPELINE + "-dead-letters",
                "--control-topic",
                PIPELINE + "-control",
                "--budget",
                "keep-up:0.3-0.8",
                "--audit",
                0.2,
                "--parallelism",
                1,
                "--checkpoint-interval-ms",
                1000,
                "--metrics-port",
                port);
        PrometheusServer prometheus =
            PrometheusServer.start(PROMETHEUS, CONFIG, directory, "localhost:" + port)) {
      Await.until(
          () -> "the job does not run: " + job.output(),
          PATIENCE,
          () -> job.requireAlive() && has(prometheus, "flink_jobmanager_job_numRestarts"));
      load(kafka);
      List<Expressions.Expression> all = new ArrayList<>(Expressions.ofRules(RULES));
      all.addAll(Expressions.ofDashboard(DASHBOARD, PIPELINE));
      assertThat(all).hasSizeGreaterThan(50);
      Await.until(
          () -> "without an answer: " + unanswered(prometheus, all),
          PATIENCE,
          () -> unanswered(prometheus, all).isEmpty());

      for (JsonNode group : prometheus.rules()) {
        for (JsonNode rule : group.path("rules")) {
          assertThat(rule.path("health").asText()).as(rule.toString()).isEqualTo("ok");
          assertThat(rule.path("state").asText()).as(rule.toString()).isNotEqualTo("firing");
        }
      }
      assertThat(
              unanswered(
                  prometheus,
                  List.of(
                      new Expressions.Expression(
                          "an alert with a typing error",
                          "rate(flink_taskmanager_job_task_operator_deadLeters[5m]) > 1",
                          true))))
          .hasSize(1);
    }
  }

  private static void load(KafkaAccess kafka) {
    CommandResult load =
        CommandResult.of(
            "load",
            "--bootstrap",
            kafka.bootstrapServers(),
            "--topic",
            PIPELINE + "-frames",
            "--frames",
            Path.of("demo", "frames", "gtsrb-tracks.avro"),
            "--rate",
            100,
            "--seconds",
            10,
            "--bad",
            3);
    assertThat(load.code()).as(load.err()).isZero();
  }

  /** What Prometheus has no number for: expressions, and the series that they read. */
  private static List<String> unanswered(
      PrometheusServer prometheus, List<Expressions.Expression> all) {
    List<String> missing = new ArrayList<>();
    for (Expressions.Expression expression : all) {
      boolean answered = has(prometheus, expression.text());
      if (!answered && !expression.mayBeEmpty()) {
        missing.add(expression.place() + ": " + expression.text());
      }
      for (String series : expression.selectors()) {
        if (!has(prometheus, series)) {
          missing.add(expression.place() + ": " + series);
        }
      }
    }
    return missing;
  }

  private static boolean has(PrometheusServer prometheus, String expression) {
    try {
      return StreamSupport.stream(prometheus.query(expression).spliterator(), false)
          .anyMatch(sample -> !sample.path("value").path(1).asText().equals("NaN"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
