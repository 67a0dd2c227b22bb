package io.boostnet.jobs.camera;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.boostnet.jobs.camera.feed.CameraCounts;
import io.boostnet.jobs.camera.feed.CameraCounts.State;
import io.boostnet.jobs.config.ConfigException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToLongFunction;

/** What the cameras count, for Prometheus, on an HTTP port of all interfaces. */
final class CameraMetrics implements AutoCloseable {

  /** A name, what it counts, and where it stands. */
  enum Metric {
    READ("pictures_read_total", "Pictures that came.", CameraCounts::readCount),
    TAKEN("pictures_taken_total", "Pictures that were sampled.", CameraCounts::takenCount),
    DAMAGED("pictures_damaged_total", "Damaged pictures left out.", CameraCounts::damagedCount),
    PUBLISHED("frames_published_total", "Frames on the topic.", CameraCounts::publishedCount),
    DROPPED("frames_dropped_total", "Frames that gave way to newer.", CameraCounts::droppedCount),
    REFUSED("frames_refused_total", "Frames that Kafka refused.", CameraCounts::refusedCount),
    BYTES("bytes_published_total", "Bytes of images on the topic.", CameraCounts::publishedBytes),
    CONNECTIONS("connections_total", "Connections made.", CameraCounts::connectionCount),
    UP("up", "1 where it gives pictures.", counts -> counts.state() == State.RUNNING ? 1 : 0),
    LAST(
        "last_picture_timestamp_seconds",
        "When the last came.",
        counts -> counts.lastArrivedMs() / 1_000);

    private final String name;
    private final String help;
    private final ToLongFunction<CameraCounts> value;

    Metric(String name, String help, ToLongFunction<CameraCounts> value) {
      this.name = "boostnet_camera_" + name;
      this.help = help;
      this.value = value;
    }

    private void write(Map<String, CameraCounts> cameras, StringBuilder page) {
      String type = name.endsWith("_total") ? "counter" : "gauge";
      page.append("# HELP %s %s\n# TYPE %s %s\n".formatted(name, help, name, type));
      cameras.forEach(
          (camera, counts) ->
              page.append(
                  String.format(
                      Locale.ROOT,
                      "%s{camera=\"%s\"} %d\n",
                      name,
                      camera,
                      value.applyAsLong(counts))));
    }
  }

  private final HttpServer server;

  private CameraMetrics(HttpServer server) {
    this.server = server;
  }

  /**
   * Serves {@code /metrics}.
   *
   * @param port 0 for any
   * @throws ConfigException where the port is taken
   */
  static CameraMetrics serve(int port, Map<String, CameraCounts> cameras) {
    try {
      HttpServer server = HttpServer.create(new InetSocketAddress(port), 0);
      server.createContext("/metrics", exchange -> answer(exchange, page(cameras)));
      server.start();
      return new CameraMetrics(server);
    } catch (IOException e) {
      throw new ConfigException(
          "The metrics port %d cannot be opened (%s); give a free one."
              .formatted(port, e.getMessage()),
          e);
    }
  }

  int port() {
    return server.getAddress().getPort();
  }

  /** The page, in Prometheus' text format. */
  static String page(Map<String, CameraCounts> cameras) {
    StringBuilder page = new StringBuilder();
    for (Metric metric : Metric.values()) {
      metric.write(cameras, page);
    }
    return page.toString();
  }

  private static void answer(HttpExchange exchange, String page) {
    byte[] bytes = page.getBytes(StandardCharsets.UTF_8);
    try (exchange) {
      exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4");
      exchange.sendResponseHeaders(200, bytes.length);
      exchange.getResponseBody().write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException("answering a scrape", e);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
