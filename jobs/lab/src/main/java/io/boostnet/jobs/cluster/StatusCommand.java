package io.boostnet.jobs.cluster;

import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code cluster status}. */
@Command(
    name = "status",
    description =
        "List the processes of a cluster, and whether they answer. Exit code 0 where all do, else 1.",
    mixinStandardHelpOptions = true)
final class StatusCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Mixin private ClusterCommand.Place place;

  @Override
  public Integer call() {
    LocalCluster cluster = place.cluster();
    PrintWriter out = spec.commandLine().getOut();
    out.printf("Kafka broker:  %s%n", cluster.kafka().bootstrapServers());
    out.printf("Flink Web UI:  %s%n%n", cluster.flink().url());
    out.printf("%-16s %8s  %-8s %s%n", "server", "pid", "state", "log");
    List<LocalCluster.Status> servers = cluster.status();
    for (LocalCluster.Status server : servers) {
      String state = server.answers() ? "answers" : server.runs() ? "silent" : "down";
      out.printf("%-16s %8d  %-8s %s%n", server.name(), server.pid(), state, server.log());
    }
    out.flush();
    return servers.stream().allMatch(LocalCluster.Status::answers) ? 0 : 1;
  }
}
