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
 * The broker runs on threads of its own; {@link #close()} stops them and deletes the data.
 */
public final class EmbeddedBroker implements Closeable {

  private final KafkaRaftServer server;
  private final Path directory;
  private final String bootstrapServers;

  private EmbeddedBroker(KafkaRaftServer server, Path directory, String bootstrapServers) {
    this.server = server;
    this.directory = directory;
    this.bootstrapServers = bootstrapServers;
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
      Path directory = Files.createTempDirectory("boostnet-broker-");
      int[] ports = FreePorts.choose(2);
      BrokerNode node =
          new BrokerNode(
              directory.resolve("log"),
              ports[1],
              List.of(BrokerNode.Listener.direct(protocol, ports[0])),
              options);
      node.format();
      KafkaRaftServer server =
          new KafkaRaftServer(new KafkaConfig(node.properties(), false), Time.SYSTEM);
      EmbeddedBroker broker = new EmbeddedBroker(server, directory, node.bootstrapServers());
      try {
        server.startup();
      } catch (RuntimeException e) {
        broker.close();
        throw e;
      }
      return broker;
    } catch (IOException e) {
      throw new UncheckedIOException("starting the embedded broker", e);
    }
  }

  /** Where clients connect. */
  public String bootstrapServers() {
    return bootstrapServers;
  }

  @Override
  public void close() {
    server.shutdown();
    server.awaitShutdown();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("deleting the embedded broker's data in " + directory, e);
    }
  }
}
