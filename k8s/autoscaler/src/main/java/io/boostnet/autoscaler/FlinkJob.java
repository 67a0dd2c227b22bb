package io.boostnet.autoscaler;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;

/** A job, asked and told over its cluster's REST interface. For one thread. */
final class FlinkJob {

  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(10);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http = HttpClient.newBuilder().connectTimeout(ANSWER_WITHIN).build();
  private final URI url;

  /**
   * A job.
   *
   * @param cluster address of the REST interface, such as http://localhost:8081
   */
  FlinkJob(URI cluster, JobID id) {
    this.url = cluster.resolve("/jobs/" + id);
  }

  JobStatus status() throws IOException {
    return JobStatus.valueOf(ask("GET", "", null).required("state").asText());
  }

  ResourceRequirements requirements() throws IOException {
    return new ResourceRequirements(ask("GET", "/resource-requirements", null));
  }

  /** Tells the cluster, which rescales the job when it has the slots. */
  void require(ResourceRequirements requirements) throws IOException {
    ask("PUT", "/resource-requirements", requirements.toJson());
  }

  private JsonNode ask(String method, String path, String body) throws IOException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url + path))
            .method(
                method,
                body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body))
            .header("Content-Type", "application/json")
            .timeout(ANSWER_WITHIN)
            .build();
    try {
      HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() >= 300) {
        throw new IOException(
            "%s %s%s: %d %s".formatted(method, url, path, response.statusCode(), response.body()));
      }
      return response.body().isEmpty() ? JSON.createObjectNode() : JSON.readTree(response.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while asking " + url + path, e);
    }
  }
}
