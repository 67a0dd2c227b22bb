package io.boostnet.jobs.cluster;

import io.boostnet.jobs.broker.BrokerNode;
import io.boostnet.jobs.broker.ParentWatch;
import io.boostnet.jobs.files.JsonFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The files of a cluster: what was planned, configurations, logs, process ids and data. Nothing of
 * a cluster is outside of its directory.
 */
final class ClusterDirectory {

  /** For a TaskManager, in megabytes: what its JVM is started with and what Flink is told. */
  private static final int FRAMEWORK_MB = 128;

  private static final int NETWORK_MB = 32;
  private static final int METASPACE_MB = 256;
  private static final int OVERHEAD_MB = 192;
  private static final int HEAP_PER_SLOT_MB = 256;
  private static final int NATIVE_PER_SLOT_MB = 256;
  private static final String PATIENCE = "120 s";

  private static final String LOG4J =
      """
      <?xml version="1.0" encoding="UTF-8"?>
      <Configuration status="ERROR">
        <Appenders>
          <Console name="log">
            <PatternLayout pattern="%d{ISO8601} %-5level [%t] %c - %msg%n"/>
          </Console>
        </Appenders>
        <Loggers>
          <Root level="info">
            <AppenderRef ref="log"/>
          </Root>
        </Loggers>
      </Configuration>
      """;

  private final Path root;

  ClusterDirectory(Path root) {
    this.root = root.toAbsolutePath().normalize();
  }

  Path root() {
    return root;
  }

  Path plan() {
    return root.resolve("cluster.json");
  }

  /** Whether there is something in the directory, and no cluster was ever started there. */
  boolean isForeign() throws IOException {
    if (!Files.exists(root) || Files.exists(plan())) {
      return false;
    }
    try (Stream<Path> entries = Files.list(root)) {
      return entries.findAny().isPresent();
    }
  }

  /** Configuration directory of Flink's processes. */
  Path config() {
    return root.resolve("config");
  }

  Path brokerConfig() {
    return config().resolve("server.properties");
  }

  Path zooKeeperConfig() {
    return config().resolve("zoo.cfg");
  }

  Path log4jConfig() {
    return config().resolve("log4j2.xml");
  }

  /** Class path entry that holds {@link ParentWatch} alone. */
  Path watch() {
    return root.resolve("watch");
  }

  Path log(String server) {
    return root.resolve("logs").resolve(server + ".log");
  }

  Path process(String server) {
    return root.resolve("processes").resolve(server + ".json");
  }

  Path checkpoints() {
    return root.resolve("checkpoints");
  }

  Path savepoints() {
    return root.resolve("savepoints");
  }

  /** Where the JobManager looks for job jars. */
  Path jars() {
    return root.resolve("jars").resolve("flink-web-upload");
  }

  /** Writes everything that the servers read when they start. */
  void write(ClusterPlan plan) throws IOException {
    JsonFile.write(plan(), plan); // first, so that what is left half done is known as ours
    for (Path directory :
        List.of(
            config(),
            watch(),
            jars(),
            checkpoints(),
            savepoints(),
            root.resolve("high-availability"),
            log("x").getParent(),
            process("x").getParent())) {
      Files.createDirectories(directory);
    }
    Files.writeString(log4jConfig(), LOG4J);
    writeWatch();
    writeFlink(plan);
    writeBroker(plan);
    writeZooKeeper(plan);
  }

  private void writeWatch() throws IOException {
    String resource = ParentWatch.class.getName().replace('.', '/') + ".class";
    Path target = watch().resolve(resource);
    Files.createDirectories(target.getParent());
    try (InputStream code = ParentWatch.class.getClassLoader().getResourceAsStream(resource)) {
      Files.write(target, code.readAllBytes());
    }
  }

  private void writeFlink(ClusterPlan plan) throws IOException {
    Map<String, String> options = new TreeMap<>();
    options.put("jobmanager.rpc.address", "localhost");
    options.put("jobmanager.rpc.port", String.valueOf(plan.ports().jobManager()));
    options.put("rest.address", "localhost");
    options.put("rest.bind-address", "localhost");
    options.put("rest.port", String.valueOf(plan.ports().web()));
    options.put("web.upload.dir", jars().getParent().toString());
    options.put("taskmanager.host", "localhost");
    options.put("taskmanager.numberOfTaskSlots", String.valueOf(plan.slots()));
    options.put("taskmanager.cpu.cores", String.valueOf(plan.slots()));
    options.put("taskmanager.memory.framework.heap.size", FRAMEWORK_MB + "m");
    options.put("taskmanager.memory.framework.off-heap.size", FRAMEWORK_MB + "m");
    options.put("taskmanager.memory.task.heap.size", HEAP_PER_SLOT_MB * plan.slots() + "m");
    options.put("taskmanager.memory.task.off-heap.size", NATIVE_PER_SLOT_MB * plan.slots() + "m");
    options.put("taskmanager.memory.network.min", NETWORK_MB + "m");
    options.put("taskmanager.memory.network.max", NETWORK_MB + "m");
    options.put("taskmanager.memory.managed.size", "0m");
    options.put("taskmanager.memory.jvm-metaspace.size", METASPACE_MB + "m");
    options.put("taskmanager.memory.jvm-overhead.min", OVERHEAD_MB + "m");
    options.put("taskmanager.memory.jvm-overhead.max", OVERHEAD_MB + "m");
    // A process that is gone is noticed after two heartbeats; one that is only slow is waited for.
    options.put("heartbeat.interval", "2 s");
    options.put("heartbeat.timeout", "40 s");
    // By default an actor must start, and answer, within 10 s: a busy machine takes longer.
    options.put("pekko.startup-timeout", PATIENCE);
    options.put("pekko.ask.timeout", PATIENCE);
    options.put("restart-strategy.type", "fixed-delay");
    options.put("restart-strategy.fixed-delay.attempts", String.valueOf(Integer.MAX_VALUE));
    options.put("restart-strategy.fixed-delay.delay", "1 s");
    options.put("execution.checkpointing.dir", checkpoints().toUri().toString());
    options.put("execution.checkpointing.savepoint-dir", savepoints().toUri().toString());
    if (plan.highAvailability()) {
      options.put("high-availability.type", "zookeeper");
      options.put(
          "high-availability.storageDir", root.resolve("high-availability").toUri().toString());
      options.put("high-availability.zookeeper.quorum", "localhost:" + plan.ports().zooKeeper());
      options.put("high-availability.zookeeper.client.session-timeout", "10 s");
      options.put("high-availability.jobmanager.port", String.valueOf(plan.ports().jobManager()));
    }
    options.putAll(plan.flinkOptions());
    List<String> lines = new ArrayList<>();
    options.forEach((key, value) -> lines.add(key + ": " + JsonFile.text(value)));
    Files.write(config().resolve("config.yaml"), lines);
  }

  private void writeBroker(ClusterPlan plan) throws IOException {
    List<BrokerNode.Listener> listeners = new ArrayList<>();
    listeners.add(BrokerNode.Listener.direct("PLAINTEXT", plan.ports().broker()));
    if (plan.advertisedPort() != null) {
      listeners.add(
          new BrokerNode.Listener(
              "PROXIED", "PLAINTEXT", plan.ports().brokerBehindProxy(), plan.advertisedPort()));
    }
    BrokerNode node =
        new BrokerNode(root.resolve("kafka"), plan.ports().controller(), listeners, Map.of());
    node.format();
    write(brokerConfig(), node.properties());
  }

  private void writeZooKeeper(ClusterPlan plan) throws IOException {
    Path data = Files.createDirectories(root.resolve("zookeeper"));
    write(
        zooKeeperConfig(),
        Map.of(
            "dataDir",
            data,
            "clientPort",
            plan.ports().zooKeeper(),
            "clientPortAddress",
            "localhost",
            "tickTime",
            2000,
            "admin.enableServer",
            false));
  }

  private static void write(Path file, Map<String, ?> entries) throws IOException {
    Properties properties = new Properties();
    entries.forEach((key, value) -> properties.setProperty(key, value.toString()));
    try (OutputStream out = Files.newOutputStream(file)) {
      properties.store(out, null);
    }
  }

  /**
   * Options of a TaskManager's JVM that fit what Flink is told of its memory. The heap is resident
   * from the start, so that resident memory that grows is memory outside of it.
   */
  static List<String> taskManagerMemory(int slots) {
    int heap = FRAMEWORK_MB + HEAP_PER_SLOT_MB * slots;
    return List.of(
        "-Xms" + heap + "m",
        "-Xmx" + heap + "m",
        "-XX:+AlwaysPreTouch",
        "-XX:MaxDirectMemorySize=" + (FRAMEWORK_MB + NATIVE_PER_SLOT_MB * slots + NETWORK_MB) + "m",
        "-XX:MaxMetaspaceSize=" + METASPACE_MB + "m");
  }
}
