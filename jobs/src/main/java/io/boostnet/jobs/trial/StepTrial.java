package io.boostnet.jobs.trial;

import io.boostnet.flink.budget.Budget;
import io.boostnet.jobs.BudgetConverter;
import io.boostnet.jobs.JsonFile;
import io.boostnet.jobs.load.LoadProfile.Phases;
import io.boostnet.jobs.load.LoadProfile.Phases.Phase;
import io.boostnet.schema.ControlEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench step}: how fast and how quietly keep-up follows a doubled rate. */
@Command(
    name = "step",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "The Kafka job under a rate that doubles, from 90 %% to 180 %% of its own capacity without early"
          + " exit, with the keep-up controller, at each parallelism in turn: when the budget has"
          + " settled on its new level, and how far it went beyond.",
      "Exit code 0 where every frame has one outcome, else 1. Nothing else should run on the"
          + " machine."
    })
public final class StepTrial implements Callable<Integer> {

  private static final double CAPACITY_SECONDS = 20;

  /** A job gets faster for half a minute after its start: that is not the step's. */
  private static final double WARM_UP_SECONDS = 30;

  private static final double STEP_AT_SECONDS = WARM_UP_SECONDS + 20;
  private static final double AFTER_SECONDS = 18;
  private static final double LOAD = 0.9;

  /** The level is the mean of the last seconds. */
  private static final double LEVEL_SECONDS = 12;

  /** Its own level moves by as much while the speed of a shared machine does. */
  private static final double SETTLED_WITHIN = 0.1;

  private static final double OVERSHOOT = 0.05;

  @Spec private CommandSpec spec;

  @Mixin private TrialOptions options;

  @Option(
      names = "--parallelisms",
      split = ",",
      description = "Subtasks, one run for each. Default: 1,2.")
  private List<Integer> parallelisms = List.of(1, 2);

  @Option(
      names = "--budget",
      converter = BudgetConverter.KeepUp.class,
      defaultValue = "keep-up:0.1-1",
      description = "The keep-up budget to try. Default: ${DEFAULT-VALUE}.")
  private Budget.KeepUp budget;

  /**
   * A run.
   *
   * @param capacity frames per second without early exit
   * @param levelBefore budget in the seconds before the step
   * @param level budget at the end
   * @param settledSeconds time from the step until the budget stays within 10 % of the level
   * @param overshoots times that the budget went beyond the level by more than 5 % of it
   * @param waitedP99 time from due to decided after the step, in seconds
   * @param missing frames without an outcome
   * @param doubled outcomes beyond the first of a frame
   * @param course every decision
   */
  record Row(
      int parallelism,
      double capacity,
      double levelBefore,
      double level,
      double settledSeconds,
      int overshoots,
      double waitedP99,
      long missing,
      long doubled,
      List<Decision> course) {}

  /**
   * One change of the budget or the thresholds.
   *
   * @param seconds when, since the first frame
   * @param budget mean cost aimed at
   * @param neededRate frames per second
   * @param servedRate frames per second
   * @param backlogAgeMs age of the oldest frame waiting
   */
  record Decision(
      double seconds, Double budget, Double neededRate, Double servedRate, Long backlogAgeMs) {}

  @Override
  public Integer call() throws Exception {
    parallelisms.forEach(it -> options.trial(it, this::say).requireUsable(budget));
    List<Row> rows = new ArrayList<>();
    for (int parallelism : parallelisms) {
      rows.add(run(options.trial(parallelism, this::say)));
    }
    say("");
    say(
        " subtasks  capacity  budget before  after  settled s  overshoots  p99 s  missing  doubled");
    for (Row row : rows) {
      say(
          " %8d  %8.0f  %13.3f  %5.3f  %9.2f  %10d  %5.2f  %7d  %7d"
              .formatted(
                  row.parallelism(),
                  row.capacity(),
                  row.levelBefore(),
                  row.level(),
                  row.settledSeconds(),
                  row.overshoots(),
                  row.waitedP99(),
                  row.missing(),
                  row.doubled()));
    }
    if (options.report() != null) {
      JsonFile.write(options.report(), rows);
    }
    return rows.stream().allMatch(row -> row.missing() == 0 && row.doubled() == 0) ? 0 : 1;
  }

  private Row run(Trial trial) throws Exception {
    double capacity = trial.fullNetworkCapacity(CAPACITY_SECONDS);
    say("capacity without early exit: %.0f frames/s".formatted(capacity));
    Phases load =
        new Phases(
            List.of(
                new Phase(WARM_UP_SECONDS, 2 * LOAD * capacity),
                new Phase(STEP_AT_SECONDS - WARM_UP_SECONDS, LOAD * capacity),
                new Phase(AFTER_SECONDS, 2 * LOAD * capacity)));
    Trial.Run run = trial.run(budget, trial.plan(load, load.seconds()));
    List<Map.Entry<Double, ControlEvent>> events = run.recording().events();
    double end = STEP_AT_SECONDS + AFTER_SECONDS;
    double level = level(events, end - LEVEL_SECONDS, end);
    return new Row(
        trial.parallelism(),
        capacity,
        level(events, STEP_AT_SECONDS - LEVEL_SECONDS, STEP_AT_SECONDS),
        level,
        settled(events, level, end) - STEP_AT_SECONDS,
        overshoots(events, level, end),
        Recording.waited(run.recording().due(STEP_AT_SECONDS, end), 0.99),
        run.report().missing(),
        run.report().doubled(),
        events.stream().map(StepTrial::decision).toList());
  }

  private static Decision decision(Map.Entry<Double, ControlEvent> event) {
    ControlEvent told = event.getValue();
    return new Decision(
        event.getKey(),
        told.getBudget(),
        told.getNeededRate(),
        told.getServedRate(),
        told.getBacklogAgeMs());
  }

  /** Mean over time of the budget in force. */
  private static double level(
      List<Map.Entry<Double, ControlEvent>> events, double from, double until) {
    double sum = 0;
    double since = from;
    double inForce = Double.NaN;
    for (Map.Entry<Double, ControlEvent> event : events) {
      double at = event.getKey();
      if (at >= until) {
        break;
      }
      if (at > since) {
        sum += inForce * (at - since);
        since = at;
      }
      inForce = event.getValue().getBudget();
    }
    return (sum + inForce * (until - since)) / (until - from);
  }

  private static double settled(
      List<Map.Entry<Double, ControlEvent>> events, double level, double end) {
    double settled = STEP_AT_SECONDS;
    boolean away = true;
    for (Map.Entry<Double, ControlEvent> event : events) {
      if (event.getKey() < STEP_AT_SECONDS || event.getKey() >= end) {
        continue;
      }
      boolean off = Math.abs(event.getValue().getBudget() - level) > SETTLED_WITHIN * level;
      if (away && !off) {
        settled = event.getKey();
      }
      away = off;
    }
    return away ? Double.POSITIVE_INFINITY : settled;
  }

  private static int overshoots(
      List<Map.Entry<Double, ControlEvent>> events, double level, double end) {
    int overshoots = 0;
    boolean beyond = false;
    for (Map.Entry<Double, ControlEvent> event : events) {
      if (event.getKey() >= STEP_AT_SECONDS && event.getKey() < end) {
        boolean below = event.getValue().getBudget() < (1 - OVERSHOOT) * level;
        overshoots += below && !beyond ? 1 : 0;
        beyond = below;
      }
    }
    return overshoots;
  }

  private void say(String line) {
    spec.commandLine().getOut().println(line);
    spec.commandLine().getOut().flush();
  }
}
