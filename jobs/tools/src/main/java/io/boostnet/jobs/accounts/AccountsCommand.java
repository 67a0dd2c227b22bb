package io.boostnet.jobs.accounts;

import io.boostnet.jobs.files.JsonFile;
import io.boostnet.jobs.format.FormatConfig;
import io.boostnet.jobs.kafka.KafkaAccess;
import io.boostnet.jobs.serve.DeploymentOptions;
import io.boostnet.jobs.serve.KafkaConfig;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code boostnet accounts}: whether every frame of a deployment has exactly one outcome. */
@Command(
    name = "accounts",
    description =
        "Read the topics of a deployment from their beginning, committed records alone, and count:"
            + " every record published by now must have one prediction or one dead letter; what is"
            + " published later is not counted. For topics that nothing was deleted from. Exit code"
            + " 0 where that is so, else 1.",
    mixinStandardHelpOptions = true,
    modelTransformer = DeploymentOptions.Outcomes.class)
public final class AccountsCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Option(
      names = "--patience",
      description =
          "Seconds to wait for outcomes that are missing, counted anew with every one that arrives."
              + " Default: ${DEFAULT-VALUE}.")
  private int patience = 60;

  @Option(names = "--report", description = "Write the counts to this file, as JSON.")
  private Path report;

  @Override
  public Integer call() {
    KafkaConfig deployment = DeploymentOptions.read(spec.commandLine().getParseResult());
    AccountsReport result = read(DeploymentOptions.connect(deployment), deployment);
    print(result, deployment.format());
    if (report != null) {
      JsonFile.write(report, result);
    }
    return result.isBalanced() ? 0 : 1;
  }

  private AccountsReport read(KafkaAccess kafka, KafkaConfig deployment) {
    try (AccountsReader reader =
        new AccountsReader(kafka, deployment.topics(), deployment.format())) {
      int missing = -1;
      long changed = System.nanoTime();
      long arrived = changed;
      while (true) {
        if (reader.poll() > 0) {
          arrived = System.nanoTime();
        }
        if (reader.missing() != missing) {
          missing = reader.missing();
          changed = System.nanoTime();
        }
        boolean atEnds = reader.isAtEnds();
        boolean stuck = isLongAgo(arrived); // behind an open transaction
        if (atEnds && missing == 0 || isLongAgo(changed) && (atEnds || stuck)) {
          return reader.report();
        }
        if (atEnds) {
          reader.nextRound();
        }
      }
    }
  }

  private boolean isLongAgo(long nanos) {
    return System.nanoTime() - nanos > TimeUnit.SECONDS.toNanos(patience);
  }

  private void print(AccountsReport result, FormatConfig format) {
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        "published %d, predictions %d, dead letters %d; missing %d, doubled %d%s%s%n",
        result.published(),
        result.predictions(),
        result.deadLetters(),
        result.missing(),
        result.doubled(),
        result.unreadable() > 0
            ? "; %d outcomes unreadable (not in the format %s? see --outcomes-format)"
                .formatted(result.unreadable(), format.outcomes())
            : "",
        result.uncommitted() ? "; records of open transactions are not counted" : "");
    out.printf("longest pause between decisions %.1f s%n", result.longestPauseSeconds());
    out.flush();
  }
}
