package io.boostnet.jobs.trial;

import io.boostnet.flink.budget.Budget;
import io.boostnet.flink.budget.OptimalStopping;
import io.boostnet.flink.budget.replay.CostCurve;
import io.boostnet.flink.exit.Thresholds;
import io.boostnet.jobs.config.BudgetConverter;
import io.boostnet.jobs.files.JsonFile;
import io.boostnet.jobs.load.LoadPlan;
import io.boostnet.jobs.load.LoadProfile.Phases;
import io.boostnet.jobs.load.LoadProfile.Phases.Phase;
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

/** {@code bench burst}: keep-up against a network that never exits, under bursts. */
@Command(
    name = "burst",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "The Kafka job under bursts, with the keep-up controller and without early exit. The load is"
          + " measured in the job's own capacity without early exit: 70 %% for 120 s, 110 %% for 30"
          + " s (the profile of Crayfish, EDBT 2024), 70 %% for 30 s, 200 %% for 30 s, 70 %% for 30 s.",
      "Exit code 0 where every frame has one outcome, else 1. Nothing else should run on the"
          + " machine."
    })
public final class BurstTrial implements Callable<Integer> {

  private static final double CAPACITY_SECONDS = 40;

  /** How long after a burst the backlog is given to return to normal. */
  private static final double RECOVERY_SECONDS = 10;

  @Spec private CommandSpec spec;

  @Mixin private TrialOptions options;

  @Mixin private SubtasksOption parallelism;

  @Mixin private PlotOption plot;

  @Option(
      names = "--budget",
      converter = BudgetConverter.class,
      defaultValue = "keep-up:0.1-1",
      description = "The budget to try. Default: ${DEFAULT-VALUE}.")
  private Budget budget;

  @Option(
      names = "--scale",
      description = "Factor on the length of every phase, for a quick look. Default: 1.")
  private double scale = 1;

  /**
   * What a phase came to.
   *
   * @param seconds its length
   * @param rate frames per second offered
   * @param meanCost mean cost of its frames
   * @param accuracy share of them that were classified right
   * @param oracle accuracy of the best constant thresholds, chosen with the labels known, at that
   *     cost
   * @param waitedP50 time from due to decided, in seconds
   * @param waitedP99 the same
   * @param waitedMax the same
   * @param settled largest of it from 10 s after the phase began
   */
  record PhaseRow(
      double seconds,
      double rate,
      double meanCost,
      double accuracy,
      double oracle,
      double waitedP50,
      double waitedP99,
      double waitedMax,
      double settled) {}

  /**
   * A run.
   *
   * @param name what ran
   * @param missing frames without an outcome
   * @param doubled outcomes beyond the first of a frame
   * @param waitedP99 99th percentile over all frames of the time from due to decided, in seconds
   * @param forcedShare share of the frames whose exit was forced
   * @param phases phase by phase
   */
  record RunRow(
      String name,
      long missing,
      long doubled,
      double waitedP99,
      double forcedShare,
      List<PhaseRow> phases) {}

  /**
   * The report.
   *
   * @param capacity frames per second of the job without early exit
   * @param runs the runs
   */
  record Report(String bundle, int parallelism, double capacity, List<RunRow> runs) {}

  @Override
  public Integer call() throws Exception {
    TrialOptions.requirePositive("--scale", scale);
    Trial trial = options.trial(parallelism.subtasks(), this::say);
    trial.requireUsable(budget);
    CostCurve oracle =
        CostCurve.mixing(OptimalStopping.oracle().solve(trial.evidence(), trial.cost()));
    double capacity = trial.fullNetworkCapacity(CAPACITY_SECONDS);
    say("capacity without early exit: %.0f frames/s".formatted(capacity));
    Phases load = load(capacity);
    LoadPlan plan = trial.plan(load, load.seconds());

    Map<String, Trial.Run> runs = new LinkedHashMap<>();
    runs.put(budget.words(), trial.run(budget, plan));
    runs.put(
        "never exit", trial.run(Thresholds.neverExit(1, trial.bundle().cascade().exits()), plan));

    List<RunRow> rows = new ArrayList<>();
    runs.forEach((name, run) -> rows.add(row(name, run, load, oracle)));
    rows.forEach(this::print);
    if (options.report() != null) {
      JsonFile.write(
          options.report(),
          new Report(trial.bundle().cascade().name(), trial.parallelism(), capacity, rows));
    }
    if (plot.file() != null) {
      Map<String, Recording> recordings = new LinkedHashMap<>();
      runs.forEach((name, run) -> recordings.put(name, run.recording()));
      new TrialPlot(recordings)
          .figure("offered, frames/s", frames -> frames.size())
          .figure("decided within (p99), s", frames -> Recording.waited(frames, 0.99))
          .figure("mean cost, share of the full network", Recording::meanCost)
          .figure("accuracy, %", frames -> 100 * Recording.accuracy(frames))
          .write(plot.file());
    }
    return trial.exitCode(runs.values());
  }

  private Phases load(double capacity) {
    return new Phases(
        List.of(
            new Phase(120 * scale, 0.7 * capacity),
            new Phase(30 * scale, 1.1 * capacity),
            new Phase(30 * scale, 0.7 * capacity),
            new Phase(30 * scale, 2.0 * capacity),
            new Phase(30 * scale, 0.7 * capacity)));
  }

  private static RunRow row(String name, Trial.Run run, Phases load, CostCurve oracle) {
    List<PhaseRow> phases = new ArrayList<>();
    double from = 0;
    for (Phase phase : load.phases()) {
      double until = from + phase.seconds();
      List<Recording.Decided> frames = run.recording().due(from, until);
      double cost = Recording.meanCost(frames);
      phases.add(
          new PhaseRow(
              phase.seconds(),
              phase.rate(),
              cost,
              Recording.accuracy(frames),
              oracle.at(cost),
              Recording.waited(frames, 0.5),
              Recording.waited(frames, 0.99),
              Recording.waited(frames, 1),
              Recording.waited(run.recording().due(from + RECOVERY_SECONDS, until), 1)));
      from = until;
    }
    List<Recording.Decided> all = run.recording().frames();
    return new RunRow(
        name,
        run.report().missing(),
        run.report().doubled(),
        Recording.waited(all, 0.99),
        Recording.forcedShare(all),
        phases);
  }

  private void print(RunRow row) {
    say(
        "%n%s: missing %d, doubled %d, decided within p99 %.2f s, forced %.1f %%"
            .formatted(
                row.name(),
                row.missing(),
                row.doubled(),
                row.waitedP99(),
                100 * row.forcedShare()));
    say("  seconds  frames/s   cost  accuracy  oracle   p50 s   p99 s   max s  from 10 s on");
    for (PhaseRow phase : row.phases()) {
      say(
          "  %7.0f  %8.0f  %5.3f  %7.2f%%  %5.2f%%  %6.3f  %6.3f  %6.3f  %6.3f"
              .formatted(
                  phase.seconds(),
                  phase.rate(),
                  phase.meanCost(),
                  100 * phase.accuracy(),
                  100 * phase.oracle(),
                  phase.waitedP50(),
                  phase.waitedP99(),
                  phase.waitedMax(),
                  phase.settled()));
    }
  }

  private void say(String line) {
    spec.commandLine().getOut().println(line);
    spec.commandLine().getOut().flush();
  }
}
