package io.boostnet.jobs.cluster;

import io.boostnet.jobs.config.ConfigException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code cluster up}. */
@Command(
    name = "up",
    description =
        "Start a Kafka broker, a JobManager and TaskManagers, and say how to submit the job. They run"
            + " until cluster down. Started again in the same directory, the cluster has the same"
            + " ports and topics.",
    mixinStandardHelpOptions = true)
final class UpCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Mixin private ClusterCommand.Place place;

  @Option(
      names = "--task-managers",
      description = "TaskManager processes, about 1 GB each. Default: ${DEFAULT-VALUE}.")
  private int taskManagers = 2;

  @Option(names = "--slots", description = "Task slots of each. Default: ${DEFAULT-VALUE}.")
  private int slots = 1;

  @Option(
      names = "--high-availability",
      description =
          "Also start ZooKeeper, so that a JobManager that is started again takes its jobs up"
              + " again.")
  private boolean highAvailability;

  @Option(names = "--kafka-port", description = "Port of the broker. Default: a free one.")
  private Integer kafkaPort;

  @Option(names = "--web-port", description = "Port of Flink's Web UI. Default: a free one.")
  private Integer webPort;

  @Option(
      names = "--metrics-port",
      description =
          "First port of the metrics for Prometheus; every Flink process takes one from there on."
              + " Default: none.")
  private Integer metricsPort;

  @Option(
      names = "-D",
      paramLabel = "<key>=<value>",
      description = "A setting of Flink's, in place of the cluster's own. May be given often.")
  private Map<String, String> flink = Map.of();

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    ClusterPlan plan = plan();
    out.printf(
        "Starting a broker, a JobManager and %d TaskManagers in %s ...%n",
        taskManagers, place.directory());
    out.flush();
    LocalCluster cluster = start(plan);

    String directory = cluster.directory().toString();
    String bootstrap = cluster.kafka().bootstrapServers();
    out.printf("Kafka broker:  %s%n", bootstrap);
    out.printf("Flink Web UI:  %s%n", cluster.flink().url());
    if (metricsPort != null) {
      out.printf("Metrics:       localhost:%d to %d%n", metricsPort, metricsPort + taskManagers);
    }
    out.println();
    out.println("Submit the job:");
    out.printf(
        "  ./boostnet cluster submit --dir %s -- serve --bootstrap %s --bundle %s --budget fixed:0.6"
            + " --parallelism %d%n",
        directory, bootstrap, demo("models", "gtsrb-msdnet"), taskManagers * slots);
    out.println("Publish frames:");
    out.printf(
        "  ./boostnet load --bootstrap %s --frames %s --seconds 60%n",
        bootstrap, demo("frames", "gtsrb-tracks.avro"));
    out.println("Whether every frame has one outcome; the live page:");
    out.printf("  ./boostnet accounts --bootstrap %s%n", bootstrap);
    out.printf("  ./boostnet dashboard --bootstrap %s%n", bootstrap);
    out.println("Look; stop the job with a savepoint; stop the cluster:");
    out.printf("  ./boostnet cluster status --dir %s%n", directory);
    out.printf("  ./boostnet cluster stop --dir %s%n", directory);
    out.printf("  ./boostnet cluster down --dir %s%n", directory);
    out.flush();
    return 0;
  }

  private LocalCluster start(ClusterPlan plan) {
    try {
      return LocalCluster.start(place.directory(), plan, LocalCluster.Lifetime.UNTIL_STOPPED);
    } catch (IllegalStateException e) {
      throw new ConfigException(
          "The cluster did not start (%s); read that log, or give Flink other settings with -D."
              .formatted(e.getMessage()),
          e);
    }
  }

  private ClusterPlan plan() {
    ClusterPlan.Ports ports =
        LocalCluster.in(place.directory())
            .map(before -> before.plan().ports())
            .orElseGet(ClusterPlan.Ports::free);
    try {
      ClusterPlan plan =
          ClusterPlan.of(taskManagers, slots)
              .withHighAvailability(highAvailability)
              .on(ports.with(kafkaPort, webPort))
              .withFlinkOptions(flink);
      return metricsPort == null ? plan : plan.withMetricsFrom(metricsPort);
    } catch (IllegalArgumentException e) {
      throw new ConfigException("The cluster cannot be planned: " + e.getMessage() + ".", e);
    }
  }

  private static Path demo(String kind, String name) {
    return Path.of(System.getProperty("boostnet.root", "."), "jobs", "demo", kind, name)
        .toAbsolutePath()
        .normalize();
  }
}
