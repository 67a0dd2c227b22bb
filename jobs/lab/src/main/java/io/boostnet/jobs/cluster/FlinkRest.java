package io.boostnet.jobs.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.boostnet.jobs.broker.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A Flink cluster's REST interface. Questions have no answer while the JobManager does not run;
 * orders then throw {@link UncheckedIOException}. Thread-safe.
 */
public final class FlinkRest {

  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(120);
  private static final Duration CONNECT_WITHIN = Duration.ofSeconds(10);
  private static final Pattern COMPLAINT =
      Pattern.compile("boostnet ended with exit code \\d+: (?:boostnet: )?(.*?)\\\\n");
  private static final Set<String> ENDED = Set.of("FINISHED", "CANCELED", "FAILED");
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http = HttpClient.newBuilder().connectTimeout(CONNECT_WITHIN).build();
  private final String url;
  private final Path jars;

  /**
   * An interface.
   *
   * @param port its port of the loopback interface
   * @param jars the directory in which the JobManager looks for job jars
   */
  FlinkRest(int port, Path jars) {
    this.url = "http://localhost:" + port;
    this.jars = jars;
  }

  /** Address of the interface and of the Web UI. */
  public String url() {
    return url;
  }

  /**
   * Submits a job jar.
   *
   * @param arguments of its main class
   * @param savepoint to start from, null for none
   * @return the job's id
   * @throws IllegalStateException where the cluster refuses it, with its reason
   */
  public String submit(Path jar, List<String> arguments, String savepoint) {
    try {
      String name = Files.getLastModifiedTime(jar).toMillis() + "_" + jar.getFileName();
      Path copy = jars.resolve(name);
      if (!Files.exists(copy)) {
        Files.createDirectories(jars);
        Files.copy(jar, copy);
      }
      Map<String, Object> order =
          savepoint == null
              ? Map.of("programArgsList", arguments)
              : Map.of("programArgsList", arguments, "savepointPath", savepoint);
      return order("POST", "/jars/" + name + "/run", order).required("jobid").asText();
    } catch (IOException e) {
      throw new UncheckedIOException("submitting " + jar, e);
    }
  }

  /** Cancels a job and waits for its end. */
  public void cancel(String job) {
    order("PATCH", "/jobs/" + job + "?mode=cancel", Map.of());
    Await.until(
        () -> "job " + job + " is to be cancelled, but is " + state(job),
        ANSWER_WITHIN,
        () -> state(job).equals("CANCELED"));
  }

  /**
   * Takes a savepoint and stops the job with it.
   *
   * @return where the savepoint is
   */
  public String stopWithSavepoint(String job, String directory) {
    String trigger =
        order("POST", "/jobs/" + job + "/stop", Map.of("targetDirectory", directory))
            .required("request-id")
            .asText();
    String path = "/jobs/" + job + "/savepoints/" + trigger;
    Await.until(
        "a savepoint of job " + job,
        ANSWER_WITHIN,
        () -> ask(path).filter(a -> a.at("/status/id").asText().equals("COMPLETED")).isPresent());
    JsonNode outcome = ask(path).orElseThrow().path("operation");
    if (!outcome.has("location")) {
      throw new IllegalStateException("no savepoint of job " + job + ": " + outcome);
    }
    return outcome.get("location").asText();
  }

  /** Ids of the jobs that have not ended. */
  public List<String> jobs() {
    List<String> ids = new ArrayList<>();
    ask("/jobs")
        .map(answer -> answer.path("jobs"))
        .ifPresent(
            jobs ->
                jobs.forEach(
                    job -> {
                      if (!ENDED.contains(job.path("status").asText())) {
                        ids.add(job.path("id").asText());
                      }
                    }));
    return ids;
  }

  /** State of a job, such as RUNNING; empty where there is no answer. */
  public String state(String job) {
    return ask("/jobs/" + job).map(answer -> answer.path("state").asText()).orElse("");
  }

  /** Whether all subtasks of a job run: its state says so even while some are being restarted. */
  public boolean allSubtasksRun(String job) {
    return ask("/jobs/" + job)
        .map(answer -> answer.path("vertices"))
        .filter(vertices -> !vertices.isEmpty())
        .map(
            vertices -> {
              for (JsonNode vertex : vertices) {
                if (!vertex.path("status").asText().equals("RUNNING")) {
                  return false;
                }
              }
              return true;
            })
        .orElse(false);
  }

  /**
   * Subtasks of the widest vertex of a job while all of them run, which is the slots it uses; else
   * 0.
   */
  public int slots(String job) {
    return ask("/jobs/" + job)
        .map(answer -> answer.path("vertices"))
        .map(
            vertices -> {
              int most = 0;
              for (JsonNode vertex : vertices) {
                int parallelism = vertex.path("parallelism").asInt();
                if (vertex.path("tasks").path("RUNNING").asInt() != parallelism) {
                  return 0;
                }
                most = Math.max(most, parallelism);
              }
              return most;
            })
        .orElse(0);
  }

  /** Completed and failed checkpoints of a job, and how often it was restored. */
  public Checkpoints checkpoints(String job) {
    JsonNode counts =
        ask("/jobs/" + job + "/checkpoints")
            .map(answer -> answer.path("counts"))
            .orElseGet(JSON::createObjectNode);
    return new Checkpoints(
        counts.path("completed").asLong(),
        counts.path("failed").asLong(),
        counts.path("restored").asLong());
  }

  /**
   * Counts since the JobManager took up the job.
   *
   * @param completed checkpoints that completed
   * @param failed checkpoints that failed
   * @param restored times that the job was restored from one
   */
  public record Checkpoints(long completed, long failed, long restored) {}

  /** Ids of the TaskManagers that have registered. */
  public Set<String> taskManagers() {
    Set<String> ids = new HashSet<>();
    ask("/taskmanagers")
        .map(answer -> answer.path("taskmanagers"))
        .ifPresent(managers -> managers.forEach(manager -> ids.add(manager.get("id").asText())));
    return ids;
  }

  /** Whether the JobManager answers. */
  public boolean answers() {
    return ask("/overview").isPresent();
  }

  /** The answer to a question; empty where the JobManager gives none, or an error. */
  private Optional<JsonNode> ask(String path) {
    try {
      HttpResponse<String> response = send("GET", path, HttpRequest.BodyPublishers.noBody());
      return response.statusCode() == 200
          ? Optional.of(JSON.readTree(response.body()))
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private JsonNode order(String method, String path, Map<String, ?> body) {
    try {
      HttpResponse<String> response =
          send(method, path, HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body)));
      if (response.statusCode() >= 300) {
        throw new IllegalStateException(reason(response.body()));
      }
      return response.body().isEmpty() ? JSON.createObjectNode() : JSON.readTree(response.body());
    } catch (IOException e) {
      throw new UncheckedIOException(method + " " + url + path, e);
    }
  }

  /** What the job's main class complained of, where there is that in the stack trace. */
  private static String reason(String body) {
    Matcher complaint = COMPLAINT.matcher(body);
    return complaint.find() ? complaint.group(1) : body;
  }

  private HttpResponse<String> send(String method, String path, HttpRequest.BodyPublisher body)
      throws IOException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url + path))
            .method(method, body)
            .header("Content-Type", "application/json")
            .timeout(ANSWER_WITHIN)
            .build();
    try {
      return http.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while asking " + url + path, e);
    }
  }
}
