package io.boostnet.jobs.cluster;

import io.boostnet.jobs.broker.Await;
import io.boostnet.jobs.broker.ParentWatch;
import io.boostnet.jobs.config.ConfigException;
import io.boostnet.jobs.files.JsonFile;
import io.boostnet.jobs.kafka.KafkaAccess;
import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A Kafka broker, a Flink JobManager and TaskManagers, and ZooKeeper where the JobManager is to
 * survive, each a process of its own with the main class and the class path that its distribution
 * gives it. For trying the job on a cluster, and for tests that kill what they like. Not
 * thread-safe.
 *
 * <p>Everything is in one directory. Data there outlive the processes: a cluster started again in
 * its directory has the same topics. Processes are stopped by their recorded id and start time.
 */
public final class LocalCluster implements Closeable {

  /** The broker's name among {@link #servers}. */
  public static final String BROKER = "broker";

  /** The JobManager's name. */
  public static final String JOB_MANAGER = "jobmanager";

  /** ZooKeeper's name. */
  public static final String ZOO_KEEPER = "zookeeper";

  private static final String TASK_MANAGER = "taskmanager-";
  private static final Duration START_WITHIN = Duration.ofSeconds(180);
  private static final Duration STOP_WITHIN = Duration.ofSeconds(20);
  private static final Duration CONNECT_WITHIN = Duration.ofSeconds(2);

  /** How long the processes live. */
  public enum Lifetime {
    /** As long as this JVM, however that ends. */
    OF_THIS_JVM,
    /** Until they are stopped. */
    UNTIL_STOPPED
  }

  /**
   * A server and how it is.
   *
   * @param name its name
   * @param pid its process id, 0 where it never ran
   * @param runs whether the process is there
   * @param answers whether it does its work
   * @param log its log file
   */
  public record Status(String name, long pid, boolean runs, boolean answers, Path log) {}

  private final ClusterDirectory files;
  private final ClusterPlan plan;
  private final Lifetime lifetime;
  private final FlinkRest flink;
  private final KafkaAccess kafka;

  private LocalCluster(ClusterDirectory files, ClusterPlan plan, Lifetime lifetime) {
    this.files = files;
    this.plan = plan;
    this.lifetime = lifetime;
    this.flink = new FlinkRest(plan.ports().web(), files.jars());
    this.kafka = KafkaAccess.to("localhost:" + plan.ports().broker());
  }

  /**
   * Starts a cluster; returns when all of it answers. Where that fails, what was started is stopped
   * again.
   *
   * @throws ConfigException where one runs in the directory already, the directory has files that
   *     are no cluster's, or a port is taken
   */
  public static LocalCluster start(Path directory, ClusterPlan plan, Lifetime lifetime) {
    ClusterDirectory files = new ClusterDirectory(directory);
    LocalCluster cluster = new LocalCluster(files, plan, lifetime);
    try {
      cluster.requireFree();
      files.write(plan);
    } catch (IOException e) {
      throw new ConfigException(
          "A cluster cannot be laid out in " + files.root() + " (" + e + ").", e);
    }
    try {
      cluster.servers().forEach(cluster::launch);
      cluster.awaitReady();
      return cluster;
    } catch (RuntimeException e) {
      cluster.close();
      throw e;
    }
  }

  /** The cluster that was started in a directory; empty where none ever was. */
  public static Optional<LocalCluster> in(Path directory) {
    ClusterDirectory files = new ClusterDirectory(directory);
    if (!Files.exists(files.plan())) {
      return Optional.empty();
    }
    ClusterPlan plan = JsonFile.read(files.plan(), ClusterPlan.class);
    return Optional.of(new LocalCluster(files, plan, Lifetime.UNTIL_STOPPED));
  }

  private void requireFree() throws IOException {
    if (files.isForeign()) { // delete() would take all of it away
      throw new ConfigException(
          files.root() + " has files, but of no cluster; give a new or an empty directory.");
    }
    Optional<LocalCluster> before = in(files.root());
    if (before.isPresent() && before.get().runs()) {
      throw new ConfigException(
          "A cluster runs in " + files.root() + "; stop it with down, or give another directory.");
    }
    for (int port :
        new int[] {plan.ports().broker(), plan.ports().controller(), plan.ports().web()}) {
      if (listens(port)) {
        throw new ConfigException("Port " + port + " is taken; give another, or none.");
      }
    }
  }

  /** Names of the servers, in the order in which they start. */
  public List<String> servers() {
    List<String> names = new ArrayList<>();
    if (plan.highAvailability()) {
      names.add(ZOO_KEEPER);
    }
    names.add(BROKER);
    names.add(JOB_MANAGER);
    for (int i = 1; i <= plan.taskManagers(); i++) {
      names.add(taskManager(i));
    }
    return names;
  }

  /** Name of a TaskManager; they count from 1. */
  public static String taskManager(int number) {
    return TASK_MANAGER + number;
  }

  /** What was planned. */
  public ClusterPlan plan() {
    return plan;
  }

  /** The broker, without a proxy in between. */
  public KafkaAccess kafka() {
    return kafka;
  }

  /** The JobManager. */
  public FlinkRest flink() {
    return flink;
  }

  /** The directory that holds all of it. */
  public Path directory() {
    return files.root();
  }

  /** Where checkpoints are stored. */
  public Path checkpoints() {
    return files.checkpoints();
  }

  /** Where savepoints are stored. */
  public Path savepoints() {
    return files.savepoints();
  }

  /** Starts a server that does not run; returns without waiting for it. */
  public void launch(String server) {
    if (process(server).filter(ServerProcess::isAlive).isPresent()) {
      throw new IllegalStateException(server + " runs already");
    }
    try {
      ProcessBuilder builder = new ProcessBuilder(command(server));
      builder.environment().put("CLASSPATH", classPath(server));
      builder.environment().put("OMP_WAIT_POLICY", "passive");
      builder.environment().put("ORT_DISABLE_TELEMETRY", "1");
      builder.environment().remove("JAVA_TOOL_OPTIONS");
      File log = files.log(server).toFile();
      Process started =
          builder
              .redirectInput(new File("/dev/null"))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
              .start();
      JsonFile.write(files.process(server), ServerProcess.of(started.pid()));
    } catch (IOException e) {
      throw new UncheckedIOException("starting " + server, e);
    }
  }

  /** Kills a server (SIGKILL); returns when it is gone. */
  public void kill(String server) {
    process(server)
        .orElseThrow(() -> new IllegalStateException(server + " was never started"))
        .kill();
  }

  /** Waits until everything answers. */
  public void awaitReady() {
    for (String server : servers()) {
      Await.until(
          () -> server + " does not answer, see " + files.log(server),
          START_WITHIN,
          () -> {
            if (process(server).filter(ServerProcess::isAlive).isEmpty()) {
              throw new IllegalStateException(server + " ended, see " + files.log(server));
            }
            return answers(server);
          });
    }
  }

  /** How all servers are. */
  public List<Status> status() {
    return servers().stream()
        .map(
            server -> {
              Optional<ServerProcess> process = process(server);
              boolean runs = process.filter(ServerProcess::isAlive).isPresent();
              long pid = process.map(ServerProcess::pid).orElse(0L);
              return new Status(server, pid, runs, runs && answers(server), files.log(server));
            })
        .toList();
  }

  /** Whether any server runs. */
  public boolean runs() {
    return servers().stream()
        .flatMap(server -> process(server).stream())
        .anyMatch(ServerProcess::isAlive);
  }

  /** Stops all servers that run, those first that were started last. Data stay. */
  @Override
  public void close() {
    List<String> names = new ArrayList<>(servers());
    Collections.reverse(names);
    for (String server : names) {
      process(server).ifPresent(process -> process.stop(STOP_WITHIN));
    }
  }

  /** Stops all servers and deletes the cluster's directory, data and logs included. */
  public void delete() {
    close();
    try (Stream<Path> entries = Files.walk(files.root())) {
      for (Path entry : entries.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(entry);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("deleting " + files.root(), e);
    }
  }

  private Optional<ServerProcess> process(String server) {
    Path file = files.process(server);
    return Files.exists(file)
        ? Optional.of(JsonFile.read(file, ServerProcess.class))
        : Optional.empty();
  }

  private boolean answers(String server) {
    return switch (server) {
      case ZOO_KEEPER -> listens(plan.ports().zooKeeper());
      case BROKER -> listens(plan.ports().broker()) && kafka.answers();
      case JOB_MANAGER -> flink.answers();
      default -> flink.taskManagers().contains(server);
    };
  }

  private static boolean listens(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
          (int) CONNECT_WITHIN.toMillis());
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private List<String> command(String server) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Dlog4j.configurationFile=" + files.log4jConfig());
    command.addAll(jvmOptions(server));
    if (lifetime == Lifetime.OF_THIS_JVM) {
      command.add(ParentWatch.class.getName());
      command.add(String.valueOf(ProcessHandle.current().pid()));
    }
    command.addAll(main(server));
    return command;
  }

  private List<String> jvmOptions(String server) {
    return switch (server) {
      case ZOO_KEEPER -> List.of("-Xmx128m");
      case BROKER -> List.of("-Xmx512m");
      case JOB_MANAGER -> FlinkClassPath.withOpens(List.of("-Xmx512m"));
      default -> FlinkClassPath.withOpens(ClusterDirectory.taskManagerMemory(plan.slots()));
    };
  }

  private List<String> main(String server) {
    return switch (server) {
      case ZOO_KEEPER ->
          List.of(
              "org.apache.flink.runtime.zookeeper.FlinkZooKeeperQuorumPeer",
              "--zkConfigFile",
              files.zooKeeperConfig().toString(),
              "--peerId",
              "1");
      case BROKER -> List.of("kafka.Kafka", files.brokerConfig().toString());
      case JOB_MANAGER ->
          List.of(
              "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint",
              "--configDir",
              files.config().toString());
      default ->
          List.of(
              "org.apache.flink.runtime.taskexecutor.TaskManagerRunner",
              "--configDir",
              files.config().toString(),
              "-Dtaskmanager.resource-id=" + server);
    };
  }

  private String classPath(String server) {
    List<String> all =
        Arrays.asList(System.getProperty("java.class.path").split(File.pathSeparator));
    List<String> entries = server.equals(BROKER) ? all : FlinkClassPath.of(all);
    return files.watch()
        + File.pathSeparator
        + entries.stream()
            .map(entry -> Path.of(entry).toAbsolutePath().toString())
            .collect(Collectors.joining(File.pathSeparator));
  }
}
