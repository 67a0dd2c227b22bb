package io.boostnet.jobs.monitoring;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.boostnet.jobs.broker.Await;
import io.boostnet.jobs.broker.FreePorts;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/** A Prometheus process with the project's configuration, whose target is on this machine. */
final class PrometheusServer implements AutoCloseable {

  private static final Duration START_WITHIN = Duration.ofSeconds(30);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Process process;
  private final URI uri;
  private final HttpClient http = HttpClient.newHttpClient();

  private PrometheusServer(Process process, int port) {
    this.process = process;
    this.uri = URI.create("http://localhost:" + port);
  }

  /**
   * Starts it; returns when it answers.
   *
   * @param binary the program
   * @param config a configuration, of which intervals and targets are replaced
   * @param directory takes its data and its log
   * @param target host:port to scrape every second
   */
  static PrometheusServer start(Path binary, Path config, Path directory, String target)
      throws IOException {
    YAMLMapper yaml = new YAMLMapper();
    ObjectNode root = (ObjectNode) yaml.readTree(config.toFile());
    root.putObject("global").put("scrape_interval", "1s").put("evaluation_interval", "1s");
    String rules = root.path("rule_files").path(0).asText();
    root.putArray("rule_files").add(config.resolveSibling(rules).toAbsolutePath().toString());
    ObjectNode scrape = (ObjectNode) root.path("scrape_configs").path(0);
    scrape.remove("dns_sd_configs");
    scrape.putArray("static_configs").addObject().putArray("targets").add(target);
    Path local = directory.resolve("prometheus.yaml");
    yaml.writeValue(local.toFile(), root);

    int port = FreePorts.choose(1)[0];
    Process process =
        new ProcessBuilder(
                binary.toString(),
                "--config.file=" + local,
                "--storage.tsdb.path=" + directory.resolve("data"),
                "--web.listen-address=localhost:" + port)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("prometheus.log").toFile())
            .start();
    PrometheusServer server = new PrometheusServer(process, port);
    try {
      Await.until("Prometheus does not start", START_WITHIN, server::isReady);
      return server;
    } catch (RuntimeException e) {
      server.close();
      throw e;
    }
  }

  private boolean isReady() {
    try {
      return get("/-/ready").statusCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  /** The answer to an expression at this moment; an error of Prometheus's is an AssertionError. */
  JsonNode query(String expression) throws IOException {
    return data("/api/v1/query?query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8))
        .path("result");
  }

  /** The rules and how their evaluation went. */
  JsonNode rules() throws IOException {
    return data("/api/v1/rules").path("groups");
  }

  private JsonNode data(String path) throws IOException {
    JsonNode answer = JSON.readTree(get(path).body());
    if (!answer.path("status").asText().equals("success")) {
      throw new AssertionError(path + ": " + answer);
    }
    return answer.path("data");
  }

  private HttpResponse<String> get(String path) throws IOException {
    try {
      return http.send(
          HttpRequest.newBuilder(URI.create(uri + path)).build(),
          HttpResponse.BodyHandlers.ofString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while asking Prometheus", e);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
