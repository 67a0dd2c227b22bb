package io.boostnet.jobs.trial;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The option of trials that draw their course. */
final class PlotOption {

  @Option(names = "--plot", description = "File to draw the course of the trial in, as PNG.")
  private Path file;

  /** The file; null for none. */
  Path file() {
    return file;
  }
}
