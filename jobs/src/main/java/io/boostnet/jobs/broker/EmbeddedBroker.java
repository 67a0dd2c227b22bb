package io.boostnet.jobs.broker;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;

/**
 * A Kafka broker in this JVM: one KRaft node that is broker and controller, on free ports of the
 * loopback interface, in a temporary directory that goes away with it. For the demo and for tests.
 *
 * <p>Starting takes some seconds. Records of up to {@link #MAX_RECORD_BYTES} are taken. The broker
 * runs on threads of its own; {@link #close()} stops them and deletes the data.
 */
public final class EmbeddedBroker implements Closeable {

  /** Largest record that the broker takes, in bytes. */
  public static final int MAX_RECORD_BYTES = 32 << 20;

  private static final int NODE = 1;

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
    try {
      Path directory = Files.createTempDirectory("boostnet-broker-");
      int[] ports = freePorts();
      String log = directory.resolve("log").toString();
      KafkaConfig config = new KafkaConfig(properties(ports[0], ports[1], log), false);
      format(log);
      KafkaRaftServer server = new KafkaRaftServer(config, Time.SYSTEM);
      EmbeddedBroker broker = new EmbeddedBroker(server, directory, "localhost:" + ports[0]);
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

  private static Map<String, Object> properties(int port, int controllerPort, String log) {
    return Map.ofEntries(
        Map.entry("process.roles", "broker,controller"),
        Map.entry("node.id", NODE),
        Map.entry("controller.quorum.voters", NODE + "@localhost:" + controllerPort),
        Map.entry("controller.listener.names", "CONTROLLER"),
        Map.entry(
            "listeners",
            "PLAINTEXT://localhost:" + port + ",CONTROLLER://localhost:" + controllerPort),
        Map.entry("advertised.listeners", "PLAINTEXT://localhost:" + port),
        Map.entry("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT"),
        Map.entry("inter.broker.listener.name", "PLAINTEXT"),
        Map.entry("log.dirs", log),
        Map.entry("message.max.bytes", MAX_RECORD_BYTES),
        Map.entry("replica.fetch.max.bytes", MAX_RECORD_BYTES),
        Map.entry("socket.request.max.bytes", 4 * MAX_RECORD_BYTES),
        Map.entry("offsets.topic.replication.factor", (short) 1),
        Map.entry("offsets.topic.num.partitions", 1),
        Map.entry("transaction.state.log.replication.factor", (short) 1),
        Map.entry("transaction.state.log.min.isr", 1),
        Map.entry("transaction.state.log.num.partitions", 1),
        Map.entry("group.initial.rebalance.delay.ms", 0),
        Map.entry("auto.create.topics.enable", false),
        Map.entry("num.network.threads", 2),
        Map.entry("num.io.threads", 4));
  }

  private static void format(String log) throws IOException {
    Formatter formatter =
        new Formatter()
            .setPrintStream(
                new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
            .setNodeId(NODE)
            .setClusterId(Uuid.randomUuid().toString())
            .setControllerListenerName("CONTROLLER")
            .setMetadataLogDirectory(log)
            .addDirectory(log);
    try {
      formatter.run();
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException("formatting the embedded broker's directory " + log, e);
    }
  }

  /** Two ports that were free a moment ago: KRaft must know its controller's port beforehand. */
  private static int[] freePorts() throws IOException {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    try (ServerSocket first = new ServerSocket(0, 1, loopback);
        ServerSocket second = new ServerSocket(0, 1, loopback)) {
      return new int[] {first.getLocalPort(), second.getLocalPort()};
    }
  }
}
