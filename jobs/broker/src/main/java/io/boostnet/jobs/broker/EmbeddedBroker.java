package io.boostnet.jobs.broker;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.utils.Time;

/**
 * A Kafka broker in this JVM: one KRaft node that is broker and controller, on free ports of the
 * loopback interface, in a temporary directory that goes away with it. For the demo and for tests.
 *
 * <p>Starting takes some seconds. Records of up to {@link BrokerNode#MAX_RECORD_BYTES} are taken.
 * The broker runs on threads of its own; {@link #close()}, or the end of the JVM, stops them and
 * deletes the data.
 */
public final class EmbeddedBroker implements Closeable {

  private final Path directory;
  private final Thread atExit = new Thread(this::stop, "embedded-broker-exit");
  private volatile KafkaRaftServer server;
  private volatile String bootstrapServers;
  private boolean stopped;

  private EmbeddedBroker(Path directory) {
    this.directory = directory;
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  /** Starts a broker; returns when it takes requests. */
  public static EmbeddedBroker start() {
    return start("PLAINTEXT", Map.of());
  }

  /**
   * Starts a broker that clients reach by one security protocol alone; returns when it takes
   * requests.
   *
   * @param protocol security protocol of Kafka's, such as SASL_SSL
   * @param options options of Kafka's that it needs: key store, users
   */
  public static EmbeddedBroker start(String protocol, Map<String, Object> options) {
    try {
      EmbeddedBroker broker = new EmbeddedBroker(Files.createTempDirectory("boostnet-broker-"));
      try {
        broker.run(protocol, options);
        return broker;
      } catch (IOException | RuntimeException e) {
        broker.close();
        throw e;
      }
    } catch (IOException e) {
      throw new UncheckedIOException("starting the embedded broker", e);
    }
  }

  private void run(String protocol, Map<String, Object> options) throws IOException {
    int[] ports = FreePorts.choose(2);
    BrokerNode node =
        new BrokerNode(
            directory.resolve("log"),
            ports[1],
            List.of(BrokerNode.Listener.direct(protocol, ports[0])),
            options);
    node.format();
    bootstrapServers = node.bootstrapServers();
    server = new KafkaRaftServer(new KafkaConfig(node.properties(), false), Time.SYSTEM);
    server.startup();
  }

  /** Where clients connect. */
  public String bootstrapServers() {
    return bootstrapServers;
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException e) {
      // The JVM ends: whoever comes first stops the broker.
    }
    stop();
  }

  private synchronized void stop() {
    if (stopped) {
      return;
    }
    stopped = true;
    try {
      if (server != null) {
        server.shutdown();
        server.awaitShutdown();
      }
    } finally {
      delete();
    }
  }

  private void delete() {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("deleting the embedded broker's data in " + directory, e);
    }
  }
}
