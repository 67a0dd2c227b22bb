package io.boostnet.autoscaler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.autoscaler.JobAutoScalerContext;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The realizer against a JobManager that keeps what it is told. */
class RestRealizerTest {

  private static final String BEFORE =
      "{\"a\":{\"parallelism\":{\"lowerBound\":1,\"upperBound\":1}}}";
  private static final String AFTER =
      "{\"a\":{\"parallelism\":{\"lowerBound\":1,\"upperBound\":2}}}";

  private final JobID id = new JobID();
  private final List<String> told = new ArrayList<>();
  private final ByteArrayOutputStream journal = new ByteArrayOutputStream();
  private String requirements = BEFORE;
  private HttpServer jobManager;
  private RestRealizer realizer;

  @BeforeEach
  void start() throws IOException {
    jobManager = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    jobManager.createContext("/jobs/" + id + "/resource-requirements", this::answer);
    jobManager.start();
    URI url = URI.create("http://localhost:" + jobManager.getAddress().getPort());
    realizer =
        new RestRealizer(
            new FlinkJob(url, id),
            new Journal(new PrintStream(journal, true, StandardCharsets.UTF_8)));
  }

  @AfterEach
  void stop() {
    jobManager.stop(0);
  }

  @Test
  void realize_newDecision_tellsTheClusterOnce() throws IOException {
    realizer.realizeParallelismOverrides(context(JobStatus.RUNNING), Map.of("a", "2"));
    realizer.realizeParallelismOverrides(context(JobStatus.RUNNING), Map.of("a", "2"));

    assertThat(told).containsExactly(AFTER);
    assertThat(journal.toString(StandardCharsets.UTF_8))
        .startsWith("{\"scaling\":")
        .contains("\"before\":{\"a\":1},\"after\":{\"a\":2}")
        .containsOnlyOnce("\n");
  }

  @Test
  void realize_jobThatRestarts_waits() throws IOException {
    realizer.realizeParallelismOverrides(context(JobStatus.RESTARTING), Map.of("a", "2"));

    assertThat(told).isEmpty();
  }

  @Test
  void realize_refusal_namesTheAnswer() {
    jobManager.removeContext("/jobs/" + id + "/resource-requirements");

    assertThatThrownBy(
            () ->
                realizer.realizeParallelismOverrides(context(JobStatus.RUNNING), Map.of("a", "2")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("/resource-requirements: 404");
  }

  private void answer(HttpExchange exchange) throws IOException {
    if (exchange.getRequestMethod().equals("PUT")) {
      requirements = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      told.add(requirements);
    }
    byte[] answer = requirements.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(200, answer.length);
    exchange.getResponseBody().write(answer);
    exchange.close();
  }

  private JobAutoScalerContext<JobID> context(JobStatus status) {
    return new JobAutoScalerContext<>(
        id, id, status, new Configuration(), new UnregisteredMetricsGroup(), () -> null);
  }
}
