package io.boostnet.jobs.trial;

import picocli.CommandLine.Option;

/** The option of trials at one parallelism. */
final class SubtasksOption {

  @Option(names = "--parallelism", description = "Subtasks of the job. Default: ${DEFAULT-VALUE}.")
  private int subtasks = 1;

  int subtasks() {
    return subtasks;
  }
}
