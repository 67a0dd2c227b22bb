package io.boostnet.jobs.cli;

import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The bundle of a command, as an argument or as an option: commands have either by custom. */
public final class BundleArgument {

  @ArgGroup(multiplicity = "1")
  private Given given;

  private static final class Given {
    @Parameters(paramLabel = "BUNDLE", description = "Model bundle: directory or .zip.")
    private String argument;

    @Option(names = "--bundle", paramLabel = "BUNDLE", description = "The same.")
    private String option;
  }

  /** Where it is, as it was given. */
  public String location() {
    return given.argument != null ? given.argument : given.option;
  }
}
