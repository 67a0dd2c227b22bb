package io.boostnet.jobs.cluster;

import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code cluster down}. */
@Command(
    name = "down",
    description = "Stop the processes of a cluster, by the ids that cluster up recorded.",
    mixinStandardHelpOptions = true)
final class DownCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Mixin private ClusterCommand.Place place;

  @Option(
      names = "--delete",
      description = "Also delete its directory: topics, checkpoints, savepoints, logs.")
  private boolean delete;

  @Override
  public Integer call() {
    LocalCluster cluster = place.cluster();
    List<String> running =
        cluster.status().stream()
            .filter(LocalCluster.Status::runs)
            .map(server -> server.name() + " (" + server.pid() + ")")
            .toList();
    cluster.close();
    if (delete) {
      cluster.delete();
    }
    PrintWriter out = spec.commandLine().getOut();
    out.println(
        running.isEmpty() ? "Nothing was running." : "Stopped " + String.join(", ", running));
    out.flush();
    return 0;
  }
}
