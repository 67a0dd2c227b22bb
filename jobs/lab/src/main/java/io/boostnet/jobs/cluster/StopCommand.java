package io.boostnet.jobs.cluster;

import io.boostnet.jobs.config.ConfigException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code cluster stop}. */
@Command(
    name = "stop",
    description =
        "Stop a job with a savepoint, as flink stop does: what is done is committed, and the job can"
            + " go on from there. The cluster stays up.",
    mixinStandardHelpOptions = true)
final class StopCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Mixin private ClusterCommand.Place place;

  @Option(names = "--job", description = "Id of the job. Default: the only one that runs.")
  private String job;

  @Override
  public Integer call() {
    LocalCluster cluster = place.cluster();
    if (!cluster.flink().answers()) {
      throw new ConfigException(
          "No JobManager answers at " + cluster.flink().url() + "; see cluster status.");
    }
    String stopped = job == null ? only(cluster.flink().jobs()) : job;
    String savepoint;
    try {
      savepoint =
          cluster.flink().stopWithSavepoint(stopped, cluster.savepoints().toUri().toString());
    } catch (IllegalStateException e) {
      throw new ConfigException("Job %s was not stopped: %s".formatted(stopped, e.getMessage()), e);
    }
    PrintWriter out = spec.commandLine().getOut();
    out.printf("Stopped job %s; its savepoint: %s%n", stopped, savepoint);
    out.println("Go on from there:");
    out.printf(
        "  ./boostnet cluster submit --dir %s --from-savepoint %s -- serve ...%n",
        cluster.directory(), savepoint);
    out.flush();
    return 0;
  }

  private static String only(List<String> jobs) {
    if (jobs.size() != 1) {
      throw new ConfigException(
          jobs.isEmpty()
              ? "No job runs on the cluster."
              : "Several jobs run on the cluster, %s; give one with --job."
                  .formatted(String.join(", ", jobs)));
    }
    return jobs.get(0);
  }
}
