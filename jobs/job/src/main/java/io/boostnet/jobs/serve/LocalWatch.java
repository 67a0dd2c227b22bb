package io.boostnet.jobs.serve;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.apache.flink.api.common.JobID;

/**
 * Follows a job on the Flink cluster of this process, through the cluster's REST interface: every
 * failure and every restart is a line. For one thread.
 */
final class LocalWatch {

  /**
   * How long the cluster may be without a TaskManager, or without an answer, before it is lost: in
   * one process nothing starts either anew.
   */
  private static final Duration LOST_AFTER = Duration.ofSeconds(15);

  private static final Duration ASK_EVERY = Duration.ofMillis(500);
  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(5);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http = HttpClient.newBuilder().connectTimeout(ANSWER_WITHIN).build();
  private final String url;
  private final JobID job;
  private final Consumer<String> console;
  private long toldUntilMs;
  private boolean restarting;
  private long wellAt = System.nanoTime();

  /**
   * A watch.
   *
   * @param port the port of the REST interface, on the loopback interface
   * @param console receives a line for every failure and restart
   */
  LocalWatch(int port, JobID job, Consumer<String> console) {
    this.url = "http://localhost:" + port;
    this.job = job;
    this.console = console;
  }

  /**
   * Follows the job until it ends.
   *
   * @param end is done when the job has ended
   * @return why the cluster cannot go on; empty where the job ended by itself
   */
  Optional<String> await(Future<?> end) {
    while (!end.isDone()) {
      LockSupport.parkNanos(ASK_EVERY.toNanos());
      if (Thread.currentThread().isInterrupted()) {
        return Optional.of("interrupted");
      }
      try {
        tellFailures();
        tellRestarts();
        if (ask("/taskmanagers").path("taskmanagers").size() > 0) {
          wellAt = System.nanoTime();
        }
      } catch (IOException e) {
        // No answer: that is judged below.
      }
      if (System.nanoTime() - wellAt > LOST_AFTER.toNanos()) {
        return Optional.of(
            "The Flink cluster in this process has no TaskManager any more, or does not answer, for %d s: the job cannot go on; start it again."
                .formatted(LOST_AFTER.toSeconds()));
      }
    }
    try {
      tellFailures();
    } catch (IOException e) {
      // The cluster has gone with the job; the caller has the job's own reason.
    }
    return Optional.empty();
  }

  private void tellFailures() throws IOException {
    JsonNode history = ask("/jobs/" + job + "/exceptions?maxExceptions=20").at("/exceptionHistory");
    List<JsonNode> failures = new ArrayList<>();
    history.path("entries").forEach(failures::add);
    Collections.reverse(failures); // oldest first
    for (JsonNode failure : failures) {
      long at = failure.path("timestamp").asLong();
      if (at > toldUntilMs) {
        toldUntilMs = at;
        restarting = true;
        String task = failure.path("taskName").asText("");
        console.accept(
            "The job failed%s: %s"
                .formatted(
                    task.isEmpty() || task.equals("null") ? "" : " in " + task,
                    cause(failure.path("stacktrace").asText())));
      }
    }
  }

  private void tellRestarts() throws IOException {
    if (!restarting) {
      return;
    }
    JsonNode answer = ask("/jobs/" + job);
    boolean runs = answer.path("state").asText().equals("RUNNING");
    for (JsonNode vertex : answer.path("vertices")) {
      runs &= vertex.path("status").asText().equals("RUNNING");
    }
    if (runs) {
      restarting = false;
      console.accept("The job runs again.");
    }
  }

  private JsonNode ask(String path) throws IOException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url + path)).timeout(ANSWER_WITHIN).build();
    try {
      HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() != 200) {
        throw new IOException(path + ": " + response.statusCode());
      }
      return JSON.readTree(response.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /** The first cause of all, in one line. */
  static String cause(String stackTrace) {
    List<String> causes =
        stackTrace
            .lines()
            .filter(line -> line.startsWith("Caused by: "))
            .map(line -> line.substring("Caused by: ".length()))
            .toList();
    return causes.isEmpty()
        ? stackTrace.lines().findFirst().orElse("for a reason that is not known")
        : causes.get(causes.size() - 1);
  }

  /** The first cause of all, in one line. */
  static String cause(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return String.valueOf(cause);
  }
}
