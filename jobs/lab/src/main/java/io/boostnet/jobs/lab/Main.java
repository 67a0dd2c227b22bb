package io.boostnet.jobs.lab;

import io.boostnet.jobs.accounts.AccountsCommand;
import io.boostnet.jobs.bench.BenchCommand;
import io.boostnet.jobs.camera.CameraCommand;
import io.boostnet.jobs.cluster.ClusterCommand;
import io.boostnet.jobs.dashboard.DashboardCommand;
import io.boostnet.jobs.demo.DemoCommand;
import io.boostnet.jobs.evaluate.EvaluateCommand;
import io.boostnet.jobs.inspect.InspectCommand;
import io.boostnet.jobs.load.LoadCommand;
import io.boostnet.jobs.replay.ReplayCommand;
import io.boostnet.jobs.serve.ServeCommand;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * The command line of a checkout: that of the job jar, and what needs a broker or a cluster on this
 * machine. Exit codes are those of {@link io.boostnet.jobs.Main}.
 */
@Command(
    name = "boostnet",
    description = "Early-exit image classification on a Kafka stream, with a compute budget.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    version = "boostnet 0.1.0",
    subcommands = {
      DemoCommand.class,
      ServeCommand.class,
      CameraCommand.class,
      LoadCommand.class,
      DashboardCommand.class,
      AccountsCommand.class,
      EvaluateCommand.class,
      ReplayCommand.class,
      InspectCommand.class,
      BenchCommand.class,
      ClusterCommand.class
    },
    footer = {
      "",
      "Making model bundles:",
      "  train     Train an early-exit network.",
      "  import    Make a bundle of published weights.",
      "  export    Make a bundle of a training checkpoint.",
      "  graft     Give an image classifier in ONNX early exits.",
      "  cut       Cut an early-exit network in ONNX into stages.",
      "  calibrate Give a bundle its evidence.",
      "  compare   Compare a bundle with your own code.",
      "  golden    Give a bundle rows that it proves itself by.",
      "  time      Time the stages of a bundle, which budgets count in.",
      "  quantize  Add stages in 8 bits.",
      "  frames    Turn a data set into frame files.",
      "",
      "Every command has --help. Exit codes: 0 done, 1 failed, 2 bad input or configuration."
    })
public final class Main {

  private Main() {}

  /** Runs a command and ends the JVM with its exit code. */
  public static void main(String[] args) {
    Locale.setDefault(Locale.ROOT); // figures look the same everywhere
    System.exit(io.boostnet.jobs.Main.run(commandLine(), args));
  }

  /** The command line; its output and error writers may be replaced. */
  public static CommandLine commandLine() {
    return io.boostnet.jobs.Main.commandLine(new Main());
  }
}
