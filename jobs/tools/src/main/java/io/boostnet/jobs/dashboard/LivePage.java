package io.boostnet.jobs.dashboard;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.boostnet.jobs.config.ConfigException;
import io.boostnet.jobs.format.FormatConfig;
import io.boostnet.jobs.kafka.KafkaAccess;
import io.boostnet.jobs.serve.TopicConfig;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Serves the live page of a deployment over HTTP: three files, and the state once a second as
 * server-sent events. Reads the topics from their end on, in a thread of its own, without
 * committing anything; memory is bounded. {@link #close} stops everything.
 */
public final class LivePage implements Closeable {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String CHARTS = "/META-INF/resources/webjars/uplot/1.6.30/dist/";
  private static final long TICK_MS = 1000;

  /** Seconds that are sent again, because late records may still have changed them. */
  private static final long OVERLAP = 4;

  /** What is served, and as what. */
  private static final Map<String, String[]> FILES =
      Map.of(
          "/", new String[] {"page.html", "text/html; charset=utf-8"},
          "/page.js", new String[] {"page.js", "text/javascript; charset=utf-8"},
          "/page.css", new String[] {"page.css", "text/css; charset=utf-8"},
          "/uplot.js", new String[] {CHARTS + "uPlot.iife.min.js", "text/javascript"},
          "/uplot.css", new String[] {CHARTS + "uPlot.min.css", "text/css"});

  private final TopicFeed feed;
  private final HttpServer server;
  private final ExecutorService threads;
  private volatile boolean closed;

  private LivePage(TopicFeed feed, HttpServer server, ExecutorService threads) {
    this.feed = feed;
    this.server = server;
    this.threads = threads;
  }

  /** Starts reading Avro single-object encoding, and serving. */
  public static LivePage start(KafkaAccess kafka, TopicConfig topics, String host, int port) {
    return start(kafka, topics, FormatConfig.DEFAULT, host, port);
  }

  /**
   * Starts reading and serving.
   *
   * @param format what the records of the topics are
   * @param host interface to serve on, such as localhost or 0.0.0.0
   * @param port port, 0 for a free one
   * @throws ConfigException where the port is taken
   */
  public static LivePage start(
      KafkaAccess kafka, TopicConfig topics, FormatConfig format, String host, int port) {
    HttpServer server;
    if (port < 0 || port > 65_535) {
      throw new ConfigException(
          "The port of the live page is " + port + "; give one up to 65535, or 0 for a free one.");
    }
    try {
      server = HttpServer.create(new InetSocketAddress(host, port), 0);
    } catch (IOException e) {
      throw new ConfigException(
          "The live page cannot be served on %s:%d (%s); give another --page-port, or 0 for a free one."
              .formatted(host, port, e.getMessage()),
          e);
    }
    ExecutorService threads =
        Executors.newCachedThreadPool(
            work -> {
              Thread thread = new Thread(work, "live-page");
              thread.setDaemon(true);
              return thread;
            });
    LivePage page = new LivePage(TopicFeed.start(kafka, topics, format), server, threads);
    FILES.forEach(
        (path, file) -> server.createContext(path, exchange -> serve(exchange, path, file)));
    server.createContext("/live", page::stream);
    server.setExecutor(threads);
    server.start();
    return page;
  }

  /** Where the page is. */
  public String url() {
    return "http://localhost:" + server.getAddress().getPort();
  }

  private static void serve(HttpExchange exchange, String path, String[] file) throws IOException {
    try (exchange) {
      if (!exchange.getRequestURI().getPath().equals(path)) {
        exchange.sendResponseHeaders(404, -1);
        return;
      }
      try (InputStream in = LivePage.class.getResourceAsStream(file[0])) {
        byte[] bytes = in.readAllBytes();
        exchange.getResponseHeaders().set("Content-Type", file[1]);
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
      }
    }
  }

  /** Sends all that is kept, and then what is new, until the browser leaves. */
  private void stream(HttpExchange exchange) {
    try (exchange) {
      exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
      exchange.getResponseHeaders().set("Cache-Control", "no-store");
      exchange.sendResponseHeaders(200, 0);
      OutputStream out = exchange.getResponseBody();
      long sent = 0;
      long imagesSent = -1;
      long wallSent = -1;
      while (!closed) {
        LiveState state = feed.state(sent, imagesSent, wallSent);
        imagesSent = state.imagesVersion();
        wallSent = state.wallVersion();
        sent = Math.max(0, state.last(sent + OVERLAP) - OVERLAP);
        out.write(
            ("data: " + JSON.writeValueAsString(state) + "\n\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
        Thread.sleep(TICK_MS);
      }
    } catch (IOException e) {
      // The browser has left.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closed = true;
    server.stop(0);
    threads.shutdownNow();
    feed.close();
  }
}
