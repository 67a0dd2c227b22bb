package io.boostnet.jobs;

import io.boostnet.flink.codec.BundleException;
import io.boostnet.flink.inference.InferenceException;
import io.boostnet.jobs.accounts.AccountsCommand;
import io.boostnet.jobs.config.ConfigException;
import io.boostnet.jobs.dashboard.DashboardCommand;
import io.boostnet.jobs.evaluate.EvaluateCommand;
import io.boostnet.jobs.inspect.InspectCommand;
import io.boostnet.jobs.load.LoadCommand;
import io.boostnet.jobs.replay.ReplayCommand;
import io.boostnet.jobs.serve.ServeCommand;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Locale;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The command line of the job jar. Exit codes: 0 done, 1 failed, 2 the command line, the
 * configuration, or a file or broker that it names cannot be used.
 */
@Command(
    name = "boostnet",
    description = "Early-exit image classification on a Kafka stream, with a compute budget.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    version = "boostnet 0.1.0",
    subcommands = {
      ServeCommand.class,
      LoadCommand.class,
      DashboardCommand.class,
      AccountsCommand.class,
      EvaluateCommand.class,
      ReplayCommand.class,
      InspectCommand.class
    },
    footer = {
      "",
      "Every command has --help. Exit codes: 0 done, 1 failed, 2 bad input or configuration."
    })
public final class Main {

  private static final Logger LOG = LoggerFactory.getLogger(Main.class);

  private Main() {}

  /**
   * Runs a command and ends the JVM with its exit code. Under a Flink client or in an application
   * cluster the JVM is Flink's: there it returns, or throws where the command failed.
   */
  public static void main(String[] args) {
    if (StreamExecutionEnvironment.areExplicitEnvironmentsAllowed()) {
      Locale.setDefault(Locale.ROOT); // figures look the same everywhere
      System.exit(run(commandLine(), args));
    }
    StringWriter complaint = new StringWriter();
    int code = commandLine().setErr(new PrintWriter(complaint, true)).execute(args);
    if (code != 0) {
      System.err.print(complaint); // before Flink's client prints where the exception came from
      System.err.flush();
      throw new IllegalStateException(
          "boostnet ended with exit code " + code + ": " + complaint.toString().strip());
    }
  }

  /**
   * Runs a command in this JVM.
   *
   * @return its exit code; not 0 where what it had to say could not be written
   */
  public static int run(CommandLine line, String... args) {
    int code = line.execute(args);
    if (line.getOut().checkError() | System.out.checkError()) {
      complain(line, "The output could not be written: is the disk full, or the reader gone?");
      return code == 0 ? 1 : code;
    }
    return code;
  }

  /** The command line; its output and error writers may be replaced. */
  public static CommandLine commandLine() {
    return commandLine(new Main());
  }

  /**
   * A command line that complains and ends as this one does.
   *
   * @param root names its subcommands in an annotation
   */
  public static CommandLine commandLine(Object root) {
    CommandLine line = new CommandLine(root);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setUsageHelpWidth(100); // examples stand as they are to be typed
    line.setParameterExceptionHandler(
        (exception, arguments) -> {
          CommandLine command = exception.getCommandLine();
          if (arguments.length == 0) {
            command.usage(command.getOut());
          } else {
            complain(command, message(exception));
            command.getErr().println("Help: boostnet " + helpFor(command));
          }
          return arguments.length == 0 ? 0 : 2;
        });
    line.setExecutionExceptionHandler(
        (exception, command, parsed) -> {
          boolean users =
              exception instanceof ConfigException
                  || exception instanceof BundleException
                  || exception instanceof InferenceException;
          LOG.info("The command failed", exception);
          complain(command, users ? exception.getMessage() : String.valueOf(exception));
          return users ? 2 : 1;
        });
    return line;
  }

  /** What is wrong, with the names that come nearest to one that is none. */
  private static String message(ParameterException exception) {
    if (exception instanceof UnmatchedArgumentException unmatched
        && !unmatched.getSuggestions().isEmpty()) {
      return "%s; did you mean %s?"
          .formatted(exception.getMessage(), String.join(" or ", unmatched.getSuggestions()));
    }
    return exception.getMessage();
  }

  private static String helpFor(CommandLine command) {
    return command.getParent() == null ? "--help" : command.getCommandName() + " --help";
  }

  /** One line, whatever a library's message looks like. */
  private static void complain(CommandLine command, String message) {
    command.getErr().println("boostnet: " + message.strip().replaceAll("\\s*\\R\\s*", " "));
  }
}
