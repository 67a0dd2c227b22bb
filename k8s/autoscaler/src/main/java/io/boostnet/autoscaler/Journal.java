package io.boostnet.autoscaler;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintStream;
import java.util.Map;

/**
 * What the autoscaler saw and did, an object of JSON on each line: {@code {"evaluation": ...}} or
 * {@code {"scaling": ...}}.
 */
final class Journal {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final PrintStream out;

  Journal(PrintStream out) {
    this.out = out;
  }

  /**
   * A vertex as the autoscaler sees it, over its metrics window.
   *
   * @param timestampMs when, in milliseconds since the Unix epoch
   * @param vertex its id
   * @param source whether it has no inputs
   * @param parallelism its subtasks
   * @param utilization share of the time that they are busy, 0..1
   * @param trueRate records per second that they could process
   * @param targetRate records per second that come
   */
  record Evaluation(
      long timestampMs,
      String vertex,
      boolean source,
      int parallelism,
      double utilization,
      double trueRate,
      double targetRate) {}

  /**
   * A change of parallelism.
   *
   * @param timestampMs when, in milliseconds since the Unix epoch
   * @param before most subtasks allowed, by vertex id
   * @param after the same from now on
   */
  record Scaling(long timestampMs, Map<String, Integer> before, Map<String, Integer> after) {}

  void write(Evaluation evaluation) {
    line("evaluation", evaluation);
  }

  void write(Scaling scaling) {
    line("scaling", scaling);
  }

  private void line(String kind, Object value) {
    try {
      out.println(JSON.writeValueAsString(Map.of(kind, value)));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("writing " + value, e);
    }
  }
}
