package io.boostnet.jobs.serve;

import io.boostnet.jobs.config.ConfigException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestOptions;

/** A Flink cluster in this JVM, and the port of its Web UI. */
public final class LocalFlink {

  private LocalFlink() {}

  /**
   * A port for the Web UI.
   *
   * @param wanted the port wanted, 0 for any free one
   * @throws ConfigException where it is taken: Flink itself would fail the job only after its start
   */
  public static int choosePort(int wanted) {
    return choosePort(wanted, InetAddress.getLoopbackAddress(), "the Web UI");
  }

  /**
   * A port for the metrics.
   *
   * @param wanted the port wanted, 0 for any free one
   * @throws ConfigException where it is taken: Flink itself would go on without metrics
   */
  public static int chooseMetricsPort(int wanted) {
    return choosePort(wanted, null, "the metrics");
  }

  private static int choosePort(int wanted, InetAddress on, String use) {
    try (ServerSocket socket = new ServerSocket(wanted, 1, on)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new ConfigException(
          "Port " + wanted + " of " + use + " is taken; give another, or 0 for a free one.", e);
    }
  }

  /** Lets Flink serve its metrics to Prometheus on a port of all interfaces. */
  public static void serveMetrics(Configuration flink, int port) {
    PrometheusMetrics.flinkOptions(String.valueOf(port)).forEach(flink::setString);
  }

  /** Lets Flink serve its Web UI on a port of the loopback interface. */
  public static void serveUi(Configuration flink, int port) {
    flink.set(RestOptions.PORT, port);
    flink.set(RestOptions.BIND_PORT, String.valueOf(port));
    flink.set(RestOptions.ADDRESS, "localhost");
    flink.set(RestOptions.BIND_ADDRESS, "localhost");
  }
}
