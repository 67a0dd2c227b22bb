package io.boostnet.jobs.trial;

import io.boostnet.flink.budget.Budget;
import io.boostnet.flink.exit.Thresholds;
import io.boostnet.jobs.config.ConfigException;
import io.boostnet.jobs.files.JsonFile;
import io.boostnet.jobs.load.Deadlines;
import io.boostnet.jobs.load.LoadPlan;
import io.boostnet.jobs.load.LoadProfile;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench deadline}: frames that each have a deadline of their own. */
@Command(
    name = "deadline",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "The Kafka job at 70 %% of its capacity without early exit, or at a rate that is given, with"
          + " frames whose deadlines are drawn evenly between what all frames need that leave at the"
          + " first exit and what they need at the last (both the 99.5th percentile of the time from"
          + " due to decided, under the same load), or from a span that is given: share of the"
          + " deadlines met, and accuracy beside always leaving at once.",
      "Exit code 0 where every frame has one outcome, else 1. Nothing else should run on the"
          + " machine."
    })
public final class DeadlineTrial implements Callable<Integer> {

  private static final double CAPACITY_SECONDS = 40;
  private static final double LOAD = 0.7;
  private static final double SLOW = 0.995;

  /** What a job needs after its start to run as it will. */
  private static final double WARM_UP_SECONDS = 10;

  @Spec private CommandSpec spec;

  @Mixin private TrialOptions options;

  @Mixin private SubtasksOption parallelism;

  @Option(names = "--seconds", description = "Length of each run. Default: ${DEFAULT-VALUE}.")
  private double seconds = 40;

  @Option(
      names = "--deadline-ms",
      description =
          "Span of milliseconds to draw deadlines from, such as 31-53, so that runs have the same"
              + " ones. Default: what this run measures.")
  private String given;

  @Option(
      names = "--rate",
      description =
          "Frames per second, so that runs have the same load. Default: 70 %% of the capacity that"
              + " this run measures.")
  private Double rate;

  /**
   * The report.
   *
   * @param rate frames per second that were due
   * @param leastMs shortest deadline drawn, from the frame's due time
   * @param mostMs longest deadline drawn
   * @param met share of the deadlines met, 0..1
   * @param meanCost mean cost under deadlines
   * @param accuracy accuracy under deadlines
   * @param accuracyFirst accuracy of always leaving at the first exit
   * @param accuracyLast accuracy of never leaving before the last
   * @param metLast share of the deadlines that never leaving before the last would have met
   * @param missing frames without an outcome under deadlines
   * @param doubled outcomes beyond the first of a frame under deadlines
   */
  record Report(
      String bundle,
      int parallelism,
      double rate,
      long leastMs,
      long mostMs,
      double met,
      double meanCost,
      double accuracy,
      double accuracyFirst,
      double accuracyLast,
      double metLast,
      long missing,
      long doubled) {}

  @Override
  public Integer call() throws Exception {
    if (!(seconds > WARM_UP_SECONDS) || Double.isInfinite(seconds)) {
      throw new ConfigException(
          "--seconds is %s; more than the %s s that do not count is needed."
              .formatted(seconds, WARM_UP_SECONDS));
    }
    if (rate != null) {
      TrialOptions.requirePositive("--rate", rate);
    }
    Deadlines span = given();
    Trial trial = options.trial(parallelism.subtasks(), this::say);
    double perSecond = rate == null ? LOAD * capacity(trial) : rate;
    LoadPlan plan = trial.plan(new LoadProfile.Steady(perSecond), seconds);
    int exits = trial.bundle().cascade().exits();
    if (rate != null) { // else measuring the capacity has had the code compiled
      say("warming up");
      trial.run(
          Thresholds.neverExit(1, exits),
          trial.plan(new LoadProfile.Steady(perSecond), CAPACITY_SECONDS));
    }
    Trial.Run atOnce = trial.run(Thresholds.of(1, new double[exits]), plan);
    Trial.Run never = trial.run(Thresholds.neverExit(1, exits), plan);
    List<Recording.Decided> first = warm(atOnce.recording());
    List<Recording.Decided> last = warm(never.recording());
    Deadlines deadlines = span == null ? between(first, last) : span;
    Trial.Run run =
        trial.run(
            Budget.deadline(Duration.ofMillis(deadlines.mostMs())), plan.withDeadlines(deadlines));
    List<Recording.Decided> timed = warm(run.recording());
    Report report =
        new Report(
            trial.bundle().cascade().name(),
            trial.parallelism(),
            perSecond,
            deadlines.leastMs(),
            deadlines.mostMs(),
            met(timed, deadlines),
            Recording.meanCost(timed),
            Recording.accuracy(timed),
            Recording.accuracy(first),
            Recording.accuracy(last),
            met(last, deadlines),
            run.report().missing(),
            run.report().doubled());
    print(report);
    if (options.report() != null) {
      JsonFile.write(options.report(), report);
    }
    return trial.exitCode(List.of(atOnce, never, run));
  }

  private double capacity(Trial trial) throws Exception {
    double capacity = trial.fullNetworkCapacity(CAPACITY_SECONDS);
    say("capacity without early exit: %.0f frames/s".formatted(capacity));
    return capacity;
  }

  private Deadlines given() {
    try {
      return given == null ? null : Deadlines.parse(given, Trial.SEED);
    } catch (IllegalArgumentException e) {
      throw new ConfigException("--deadline-ms: " + e.getMessage() + ".", e);
    }
  }

  private static Deadlines between(List<Recording.Decided> first, List<Recording.Decided> last) {
    long leastMs = (long) Math.ceil(1000 * Recording.waited(first, SLOW));
    long mostMs = Math.max(leastMs + 1, (long) Math.ceil(1000 * Recording.waited(last, SLOW)));
    return new Deadlines(leastMs, mostMs, Trial.SEED);
  }

  private static List<Recording.Decided> warm(Recording recording) {
    return recording.due(WARM_UP_SECONDS, Double.POSITIVE_INFINITY);
  }

  private static double met(List<Recording.Decided> frames, Deadlines deadlines) {
    return Recording.mean(
        frames,
        frame ->
            1000 * frame.waited() <= deadlines.allowedMs(frame.source(), frame.order()) ? 1 : 0);
  }

  private void print(Report report) {
    say("");
    say(
        "%.0f frames/s, deadlines drawn from %d to %d ms after the frame was due"
            .formatted(report.rate(), report.leastMs(), report.mostMs()));
    say("                 deadlines met  mean cost  accuracy");
    say(
        "always first                 -          -   %6.2f%%"
            .formatted(100 * report.accuracyFirst()));
    say(
        "deadline budget        %6.2f%%     %6.3f   %6.2f%%"
            .formatted(100 * report.met(), report.meanCost(), 100 * report.accuracy()));
    say(
        "never exit             %6.2f%%      1.000   %6.2f%%"
            .formatted(100 * report.metLast(), 100 * report.accuracyLast()));
  }

  private void say(String line) {
    spec.commandLine().getOut().println(line);
    spec.commandLine().getOut().flush();
  }
}
