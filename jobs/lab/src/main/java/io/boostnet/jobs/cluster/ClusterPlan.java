package io.boostnet.jobs.cluster;

import io.boostnet.jobs.broker.FreePorts;
import io.boostnet.jobs.serve.PrometheusMetrics;
import java.util.HashMap;
import java.util.Map;

/**
 * What runs in a cluster, and on which ports of the loopback interface. Immutable.
 *
 * @param taskManagers TaskManager processes, 1 .. 64
 * @param slots task slots of each, 1 .. 64
 * @param highAvailability whether a JobManager that is started again takes its jobs up again; a
 *     ZooKeeper process keeps the pointers to what is on disk
 * @param ports where the servers listen
 * @param advertisedPort where the broker tells the clients of its second listener to connect; null
 *     for no second listener
 * @param flinkOptions options of Flink's in place of the cluster's own
 */
public record ClusterPlan(
    int taskManagers,
    int slots,
    boolean highAvailability,
    Ports ports,
    Integer advertisedPort,
    Map<String, String> flinkOptions) {

  private static final int MOST = 64;

  /**
   * Ports of the loopback interface.
   *
   * @param broker Kafka clients
   * @param brokerBehindProxy Kafka clients of the second listener, through a proxy
   * @param controller the broker's own controller
   * @param web Flink's REST interface and Web UI
   * @param jobManager the JobManager's remote calls
   * @param zooKeeper clients of ZooKeeper
   */
  public record Ports(
      int broker, int brokerBehindProxy, int controller, int web, int jobManager, int zooKeeper) {

    /** Ports that were free a moment ago. */
    public static Ports free() {
      int[] ports = FreePorts.choose(6);
      return new Ports(ports[0], ports[1], ports[2], ports[3], ports[4], ports[5]);
    }

    /** The same with those ports that are not null. */
    public Ports with(Integer newBroker, Integer newWeb) {
      return new Ports(
          newBroker == null ? broker : newBroker,
          brokerBehindProxy,
          controller,
          newWeb == null ? web : newWeb,
          jobManager,
          zooKeeper);
    }
  }

  public ClusterPlan {
    requireRange("task managers", taskManagers);
    requireRange("slots", slots);
    flinkOptions = Map.copyOf(flinkOptions);
  }

  /** A cluster on free ports, without high availability. */
  public static ClusterPlan of(int taskManagers, int slots) {
    return new ClusterPlan(taskManagers, slots, false, Ports.free(), null, Map.of());
  }

  /** The same with or without high availability. */
  public ClusterPlan withHighAvailability(boolean available) {
    return new ClusterPlan(taskManagers, slots, available, ports, advertisedPort, flinkOptions);
  }

  /** The same on other ports. */
  public ClusterPlan on(Ports newPorts) {
    return new ClusterPlan(
        taskManagers, slots, highAvailability, newPorts, advertisedPort, flinkOptions);
  }

  /**
   * The same with a second listener of the broker's, on {@link Ports#brokerBehindProxy}, whose
   * clients are told to connect to a proxy.
   */
  public ClusterPlan behindProxy(int proxyPort) {
    return new ClusterPlan(taskManagers, slots, highAvailability, ports, proxyPort, flinkOptions);
  }

  /** The same with one more option of Flink's. */
  public ClusterPlan withFlinkOption(String key, String value) {
    return withFlinkOptions(Map.of(key, value));
  }

  /** The same with more options of Flink's. */
  public ClusterPlan withFlinkOptions(Map<String, String> more) {
    Map<String, String> options = new HashMap<>(flinkOptions);
    options.putAll(more);
    return new ClusterPlan(taskManagers, slots, highAvailability, ports, advertisedPort, options);
  }

  /**
   * The same with metrics for Prometheus, for each of Flink's processes on a port of its own.
   *
   * @param firstPort the first of as many ports as there are processes of Flink's, 1 .. 65,535
   */
  public ClusterPlan withMetricsFrom(int firstPort) {
    int lastPort = firstPort + taskManagers;
    if (firstPort < 1 || lastPort > 65_535) {
      throw new IllegalArgumentException(
          "ports of the metrics are " + firstPort + " to " + lastPort + "; allowed are 1 to 65535");
    }
    Map<String, String> options = new HashMap<>(flinkOptions);
    options.putAll(PrometheusMetrics.flinkOptions(firstPort + "-" + lastPort));
    return new ClusterPlan(taskManagers, slots, highAvailability, ports, advertisedPort, options);
  }

  private static void requireRange(String name, int value) {
    if (value < 1 || value > MOST) {
      throw new IllegalArgumentException(name + " are " + value + "; allowed are 1 to " + MOST);
    }
  }
}
