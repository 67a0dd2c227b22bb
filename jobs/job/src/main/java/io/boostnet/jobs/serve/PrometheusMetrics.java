package io.boostnet.jobs.serve;

import java.util.Map;
import org.apache.flink.metrics.prometheus.PrometheusReporterFactory;

/** Flink's own reporter for Prometheus: metrics of a process on an HTTP port of all interfaces. */
public final class PrometheusMetrics {

  private static final String REPORTER = "metrics.reporter.prom.";

  private PrometheusMetrics() {}

  /**
   * The options of Flink's that turn it on.
   *
   * @param ports a port, or a range such as 9249-9252 of which every process takes the first free
   */
  public static Map<String, String> flinkOptions(String ports) {
    return Map.of(
        REPORTER + "factory.class",
        PrometheusReporterFactory.class.getName(),
        REPORTER + "port",
        ports);
  }
}
