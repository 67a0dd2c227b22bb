package io.boostnet.training;

import io.boostnet.training.bundle.ExportCommand;
import io.boostnet.training.bundle.GoldenCommand;
import io.boostnet.training.bundle.ImportCommand;
import io.boostnet.training.bundle.QuantizeCommand;
import io.boostnet.training.bundle.TimeCommand;
import io.boostnet.training.calibrate.CalibrateCommand;
import io.boostnet.training.calibrate.CompareCommand;
import io.boostnet.training.cut.CutCommand;
import io.boostnet.training.frames.FramesCommand;
import io.boostnet.training.graft.GraftCommand;
import io.boostnet.training.input.BadInputException;
import io.boostnet.training.train.TrainCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * The command line of the training module. Exit codes: 0 done, 2 what was given cannot be used (one
 * sentence says why), 1 any other failure.
 */
@Command(
    name = "boostnet",
    mixinStandardHelpOptions = true,
    version = "BoostNet on Flink 0.1.0",
    description = "Makes model bundles and frame files.",
    subcommands = {
      TrainCommand.class,
      ExportCommand.class,
      CutCommand.class,
      GraftCommand.class,
      CalibrateCommand.class,
      CompareCommand.class,
      ImportCommand.class,
      GoldenCommand.class,
      TimeCommand.class,
      QuantizeCommand.class,
      FramesCommand.class
    })
public final class Main {

  private Main() {}

  public static void main(String[] arguments) {
    System.exit(run(arguments));
  }

  /** Runs one command and returns its exit code. */
  public static int run(String... arguments) {
    return commandLine().execute(arguments);
  }

  static CommandLine commandLine() {
    return new CommandLine(new Main())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpWidth(100)
        .setParameterExceptionHandler(
            (failure, parsed) -> {
              CommandLine command = failure.getCommandLine();
              String message =
                  "%s; see %s --help"
                      .formatted(failure.getMessage(), command.getCommandSpec().qualifiedName());
              command.getErr().println(command.getColorScheme().errorText(message));
              return CommandLine.ExitCode.USAGE;
            })
        .setExecutionExceptionHandler(
            (failure, command, parsed) -> {
              if (failure instanceof BadInputException
                  || failure instanceof IllegalArgumentException) {
                command.getErr().println(command.getColorScheme().errorText(failure.getMessage()));
                return CommandLine.ExitCode.USAGE;
              }
              failure.printStackTrace(command.getErr());
              return CommandLine.ExitCode.SOFTWARE;
            });
  }
}
