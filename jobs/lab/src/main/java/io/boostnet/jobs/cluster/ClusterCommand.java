package io.boostnet.jobs.cluster;

import io.boostnet.jobs.config.ConfigException;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code boostnet cluster}: a cluster on this machine, to try the job on. */
@Command(
    name = "cluster",
    description =
        "A Kafka broker and a Flink cluster as processes of this machine: try the job on a cluster"
            + " without installing one.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      UpCommand.class,
      StatusCommand.class,
      SubmitCommand.class,
      StopCommand.class,
      DownCommand.class
    })
public final class ClusterCommand {

  /** Which cluster. */
  static final class Place {

    @Option(
        names = "--dir",
        description =
            "Directory of the cluster alone: process ids, logs, configurations, data. Default:"
                + " target/cluster of the project.")
    private Path directory;

    Path directory() {
      return directory == null
          ? Path.of(System.getProperty("boostnet.root", "."), "target", "cluster")
          : directory;
    }

    /** The cluster that was started here. */
    LocalCluster cluster() {
      return LocalCluster.in(directory())
          .orElseThrow(
              () ->
                  new ConfigException(
                      "No cluster was started in "
                          + directory()
                          + "; start one with cluster up, or give its directory."));
    }
  }
}
