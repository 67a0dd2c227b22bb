package io.boostnet.jobs.cluster;

import io.boostnet.jobs.config.ConfigException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code cluster submit}. */
@Command(
    name = "submit",
    description =
        "Submit boostnet-job.jar to a cluster, as flink run does. Paths among the arguments are read"
            + " by the cluster's processes: give absolute ones.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "The arguments of the job follow two dashes:",
      "  ./boostnet cluster submit -- serve --bundle /models/m --bootstrap localhost:9092"
    })
final class SubmitCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Mixin private ClusterCommand.Place place;

  @Option(names = "--jar", description = "The job jar. Default: that of the project.")
  private Path jar;

  @Option(names = "--from-savepoint", description = "Savepoint or checkpoint to start from.")
  private String savepoint;

  @Parameters(arity = "1..*", paramLabel = "ARGUMENT", description = "Command line of the job.")
  private List<String> arguments;

  @Override
  public Integer call() {
    LocalCluster cluster = place.cluster();
    if (!cluster.flink().answers()) {
      throw new ConfigException(
          "No JobManager answers at " + cluster.flink().url() + "; see cluster status.");
    }
    Path file =
        jar == null
            ? Path.of(
                System.getProperty("boostnet.root", "."), "jobs", "target", "boostnet-job.jar")
            : jar;
    if (!Files.isRegularFile(file)) {
      throw new ConfigException(
          "The job jar " + file + " does not exist; make it with mvn package, or give its path.");
    }
    String job;
    try {
      job = cluster.flink().submit(file, arguments, savepoint);
    } catch (IllegalStateException e) {
      throw new ConfigException("The job was not taken: " + e.getMessage(), e);
    }
    PrintWriter out = spec.commandLine().getOut();
    out.printf("Job %s: %s/#/job/running/%s/overview%n", job, cluster.flink().url(), job);
    out.flush();
    return 0;
  }
}
