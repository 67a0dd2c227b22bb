package io.boostnet.jobs.trial;

import io.boostnet.flink.budget.Budget;
import io.boostnet.flink.budget.Frontier;
import io.boostnet.flink.budget.OptimalStopping;
import io.boostnet.flink.budget.Quotas;
import io.boostnet.flink.budget.replay.CostCurve;
import io.boostnet.jobs.config.ConfigException;
import io.boostnet.jobs.files.JsonFile;
import io.boostnet.jobs.load.Corruption;
import io.boostnet.jobs.load.CorruptionOptions;
import io.boostnet.jobs.load.LoadPlan;
import io.boostnet.jobs.load.LoadProfile;
import io.boostnet.jobs.load.StreamDrift;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench budget}: a fixed budget, and images that become corrupted on the way. */
@Command(
    name = "budget",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "The Kafka job under a fixed budget while the images change from clean to corrupted in the"
          + " middle, with the controller and with the thresholds that the same budget gives on the"
          + " calibration evidence: mean cost over the run, dearest run of 5,000 frames"
          + " beside what the quotas promise, accuracy beside that of the best constant thresholds"
          + " chosen with the labels known.",
      "Exit code 0 where every frame has one outcome, else 1."
    })
public final class BudgetTrial implements Callable<Integer> {

  private static final int RUN = 5000;
  private static final double SAFE_SHARE = 0.5;

  @Spec private CommandSpec spec;

  @Mixin private TrialOptions options;

  @Mixin private SubtasksOption parallelism;

  @Mixin private PlotOption plot;

  @Option(
      names = "--share",
      required = true,
      description = "The budget: mean cost per frame, as a share of the full network's.")
  private double share;

  @Option(
      names = "--corrupt",
      converter = CorruptionOptions.Words.class,
      defaultValue = "noise:3",
      description = "Corruption of the second half. Default: ${DEFAULT-VALUE}.")
  private Corruption corruption;

  @Option(names = "--count", description = "Frames to publish. Default: ${DEFAULT-VALUE}.")
  private long count = 40_000;

  @Option(
      names = "--rate",
      description = "Frames per second. Default: half of what the threads could do at full depth.")
  private Double rate;

  /**
   * A run.
   *
   * @param name what ran
   * @param missing frames without an outcome
   * @param doubled outcomes beyond the first of a frame
   * @param meanCost mean cost over the run
   * @param costClean mean cost of the clean half
   * @param costCorrupted mean cost of the corrupted half
   * @param dearestRun dearest mean cost of 5,000 consecutive frames
   * @param accuracy share of the frames that were classified right
   * @param oracle accuracy of the best constant thresholds at that mean cost
   * @param forcedShare share of the frames whose exit was forced
   */
  record Row(
      String name,
      long missing,
      long doubled,
      double meanCost,
      double costClean,
      double costCorrupted,
      double dearestRun,
      double accuracy,
      double oracle,
      double forcedShare) {}

  /**
   * The report.
   *
   * @param share the budget
   * @param bound what the quotas promise for any 5,000 consecutive frames
   */
  record Report(
      String bundle,
      String corruption,
      long frames,
      int parallelism,
      double share,
      double bound,
      List<Row> rows) {}

  @Override
  public Integer call() throws Exception {
    Trial trial = options.trial(parallelism.subtasks(), this::say);
    Budget budget = check(trial);
    Frontier frontier = new OptimalStopping().solve(trial.bundle().calibration(), trial.cost());
    Quotas quotas = frontier.quotasFor(share);
    double bound =
        quotas.budget(trial.cost()) + quotas.slack(trial.cost(), trial.parallelism()) / RUN;
    CostCurve oracle =
        CostCurve.mixing(
            OptimalStopping.oracle().solve(trial.evidenceWith(corruption), trial.cost()));
    double perSecond = rate == null ? SAFE_SHARE * trial.bareCapacity() : rate;
    LoadPlan plan =
        trial
            .plan(new LoadProfile.Steady(perSecond), count / perSecond)
            .drifting(
                new StreamDrift(
                    corruption,
                    new StreamDrift.Start(count / 2, 0),
                    null,
                    StreamDrift.Start.AT_ONCE,
                    Trial.SEED));

    Map<String, Trial.Run> runs = new LinkedHashMap<>();
    runs.put("controller", trial.run(budget, plan));
    runs.put("constant thresholds", trial.run(frontier.at(share).thresholds(), plan));

    double middle = count / 2 / perSecond;
    List<Row> rows = new ArrayList<>();
    runs.forEach((name, run) -> rows.add(row(name, run, middle, oracle)));
    print(rows, bound);
    if (options.report() != null) {
      JsonFile.write(
          options.report(),
          new Report(
              trial.bundle().cascade().name(),
              corruption.toString(),
              count,
              trial.parallelism(),
              share,
              bound,
              rows));
    }
    if (plot.file() != null) {
      Map<String, Recording> recordings = new LinkedHashMap<>();
      runs.forEach((name, run) -> recordings.put(name, run.recording()));
      new TrialPlot(recordings)
          .figure("mean cost, share of the full network", Recording::meanCost)
          .figure("accuracy, %", frames -> 100 * Recording.accuracy(frames))
          .figure("forced exits, %", frames -> 100 * Recording.forcedShare(frames))
          .write(plot.file());
    }
    return trial.exitCode(runs.values());
  }

  /** Refuses bad values before anything is measured; returns the budget. */
  private Budget check(Trial trial) {
    if (count < RUN) {
      throw new ConfigException("--count is %d; at least %d is needed.".formatted(count, RUN));
    }
    if (rate != null) {
      TrialOptions.requirePositive("--rate", rate);
    }
    Budget budget;
    try {
      budget = Budget.fixed(share);
    } catch (IllegalArgumentException e) {
      throw new ConfigException("--share is wrong: " + e.getMessage() + ".", e);
    }
    trial.requireUsable(budget);
    return budget;
  }

  private static Row row(String name, Trial.Run run, double middle, CostCurve oracle) {
    Recording recording = run.recording();
    List<Recording.Decided> all = recording.frames();
    double cost = Recording.meanCost(all);
    return new Row(
        name,
        run.report().missing(),
        run.report().doubled(),
        cost,
        Recording.meanCost(recording.due(0, middle)),
        Recording.meanCost(recording.due(middle, Double.POSITIVE_INFINITY)),
        recording.dearestRun(RUN),
        Recording.accuracy(all),
        oracle.at(cost),
        Recording.forcedShare(all));
  }

  private void print(List<Row> rows, double bound) {
    say(
        "%nbudget %.3f, promised for any %d frames of a subtask: %.4f"
            .formatted(share, RUN, bound));
    say("                       cost   clean  corrupted  dearest 5000  accuracy  oracle  forced");
    for (Row row : rows) {
      say(
          "%-20s %6.4f  %6.4f     %6.4f        %6.4f   %6.2f%%  %5.2f%%  %5.1f%%"
              .formatted(
                  row.name(),
                  row.meanCost(),
                  row.costClean(),
                  row.costCorrupted(),
                  row.dearestRun(),
                  100 * row.accuracy(),
                  100 * row.oracle(),
                  100 * row.forcedShare()));
    }
  }

  private void say(String line) {
    spec.commandLine().getOut().println(line);
    spec.commandLine().getOut().flush();
  }
}
