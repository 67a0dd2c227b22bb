package io.boostnet.jobs.broker;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.metadata.storage.Formatter;

/**
 * A KRaft node that is broker and controller at once, on the loopback interface. Immutable.
 *
 * @param data its directory; kept from one start to the next, it keeps the topics
 * @param controllerPort port of the controller, which KRaft must know beforehand
 * @param listeners where clients connect, at least one; the first is the broker's own
 * @param options options of Kafka's beside those made here, as a secured listener needs them
 */
public record BrokerNode(
    Path data, int controllerPort, List<Listener> listeners, Map<String, Object> options) {

  /** Largest record that the broker takes, in bytes. */
  public static final int MAX_RECORD_BYTES = 32 << 20;

  private static final int NODE = 1;
  private static final String CONTROLLER = "CONTROLLER";

  /**
   * A way in for clients.
   *
   * @param name in capitals
   * @param protocol security protocol of Kafka's: PLAINTEXT, SSL, SASL_PLAINTEXT or SASL_SSL
   * @param port where the broker listens
   * @param advertisedPort where it tells clients of this listener to connect; another one where
   *     something stands in between
   */
  public record Listener(String name, String protocol, int port, int advertisedPort) {

    /** The listener of clients that connect directly, named after its protocol. */
    public static Listener direct(String protocol, int port) {
      return new Listener(protocol, protocol, port, port);
    }

    private String bound() {
      return name + "://localhost:" + port;
    }

    private String advertised() {
      return name + "://localhost:" + advertisedPort;
    }
  }

  public BrokerNode {
    listeners = List.copyOf(listeners);
    options = Map.copyOf(options);
    if (listeners.isEmpty()) {
      throw new IllegalArgumentException("listeners are []; give at least one");
    }
  }

  /** Where clients of the first listener connect. */
  public String bootstrapServers() {
    return "localhost:" + listeners.get(0).advertisedPort();
  }

  /** The broker's configuration. */
  public Map<String, Object> properties() {
    String bound = listeners.stream().map(Listener::bound).collect(Collectors.joining(","));
    String advertised =
        listeners.stream().map(Listener::advertised).collect(Collectors.joining(","));
    String protocols =
        listeners.stream()
            .map(l -> l.name() + ":" + l.protocol() + ",")
            .collect(Collectors.joining());
    Map<String, Object> all = new HashMap<>(options);
    all.putAll(
        Map.ofEntries(
            Map.entry("process.roles", "broker,controller"),
            Map.entry("node.id", NODE),
            Map.entry("controller.quorum.voters", NODE + "@localhost:" + controllerPort),
            Map.entry("controller.listener.names", CONTROLLER),
            Map.entry("listeners", bound + "," + CONTROLLER + "://localhost:" + controllerPort),
            Map.entry("advertised.listeners", advertised),
            Map.entry("listener.security.protocol.map", protocols + CONTROLLER + ":PLAINTEXT"),
            Map.entry("inter.broker.listener.name", listeners.get(0).name()),
            Map.entry("log.dirs", data.toString()),
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
            Map.entry("num.io.threads", 4)));
    return all;
  }

  /** Formats the directory; one that is formatted stays as it is. */
  public void format() throws IOException {
    if (Files.exists(data.resolve("meta.properties"))) {
      return;
    }
    Formatter formatter =
        new Formatter()
            .setPrintStream(
                new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
            .setNodeId(NODE)
            .setClusterId(Uuid.randomUuid().toString())
            .setControllerListenerName(CONTROLLER)
            .setMetadataLogDirectory(data.toString())
            .addDirectory(data.toString());
    try {
      formatter.run();
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException("formatting the broker's directory " + data, e);
    }
  }
}
