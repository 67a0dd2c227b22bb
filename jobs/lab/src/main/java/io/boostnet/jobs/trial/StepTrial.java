package io.boostnet.jobs.trial;

import io.boostnet.flink.budget.Budget;
import io.boostnet.jobs.config.BudgetConverter;
import io.boostnet.jobs.config.ConfigException;
import io.boostnet.jobs.files.JsonFile;
import io.boostnet.jobs.load.LoadProfile.Phases;
import io.boostnet.jobs.load.LoadProfile.Phases.Phase;
import io.boostnet.schema.ControlEvent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
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
      "The Kafka job under a rate that doubles, again and again, from 90 %% to 180 %% of its own"
          + " capacity without early exit, with the keep-up controller, at each parallelism in turn:"
          + " when the budget has settled on its new level, how far it went beyond, and how far the"
          + " level itself moved after that, at a constant rate. The level is where the busiest"
          + " thread is busy for 90 %% of its time, so that this is shown too: 1 to 3, 3 to 8 and 8 to"
          + " 15 seconds after the step.",
      "Exit code 0 where every frame has one outcome, else 1. Takes 4 minutes for each; nothing else"
          + " should run on the machine."
    })
public final class StepTrial implements Callable<Integer> {

  private static final double CAPACITY_SECONDS = 40;

  /** A job gets faster for half a minute after its start: that is not the step's. */
  private static final double WARM_UP_SECONDS = 30;

  private static final double BEFORE_SECONDS = 15;
  private static final double AFTER_SECONDS = 15;
  private static final double LOAD = 0.9;

  /** The level is the mean of the last seconds. */
  private static final double LEVEL_SECONDS = 10;

  /** Its own level moves by as much while the speed of a shared machine does. */
  private static final double SETTLED_WITHIN = 0.1;

  private static final double OVERSHOOT = 0.05;

  /** Stretches of the doubled rate, in seconds after the step. */
  private static final double[][] STRETCHES = {{1, 3}, {3, 8}, {8, 15}};

  @Spec private CommandSpec spec;

  @Mixin private TrialOptions options;

  @Option(
      names = "--parallelisms",
      split = ",",
      description = "Subtasks, one run for each. Default: 1,2.")
  private List<Integer> parallelisms = List.of(1, 2);

  @Option(
      names = "--steps",
      description = "How often the rate doubles in a run. Default: ${DEFAULT-VALUE}.")
  private int steps = 5;

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
   * @param steps what the budget did at each doubling
   * @param missing frames without an outcome
   * @param doubled outcomes beyond the first of a frame
   * @param course every decision
   */
  record Row(
      int parallelism,
      double capacity,
      List<Step> steps,
      long missing,
      long doubled,
      List<Decision> course) {

    double medianSettled() {
      List<Double> settled = steps.stream().map(Step::settledSeconds).sorted().toList();
      return (settled.get((steps.size() - 1) / 2) + settled.get(steps.size() / 2)) / 2;
    }
  }

  /**
   * A doubled rate.
   *
   * @param levelBefore budget in the seconds before
   * @param level budget in the last {@value StepTrial#LEVEL_SECONDS} seconds of the doubled rate
   * @param moved how far its means in the two halves of these seconds are apart, as a share of it:
   *     the rate is constant then, so that it tells of the machine
   * @param settledSeconds time from the step until the budget stays within 10 % of the level;
   *     infinite for not at all
   * @param overshoots times that the budget went below the level by more than 5 % of it
   * @param waitedP99 time from due to decided, in seconds
   * @param utilization share of its time that the busiest thread was busy in the {@link #STRETCHES}
   */
  record Step(
      double levelBefore,
      double level,
      double moved,
      double settledSeconds,
      int overshoots,
      double waitedP99,
      List<Double> utilization) {}

  /**
   * One change of the budget or the thresholds.
   *
   * @param seconds when, since the first frame
   * @param budget mean cost aimed at
   * @param neededRate frames per second
   * @param servedRate frames per second
   * @param backlogAgeMs age of the oldest frame waiting
   * @param utilization share of the window that the busiest thread was busy
   */
  record Decision(
      double seconds,
      Double budget,
      Double neededRate,
      Double servedRate,
      Long backlogAgeMs,
      Double utilization) {}

  @Override
  public Integer call() throws Exception {
    if (steps < 1) {
      throw new ConfigException("--steps is " + steps + "; it must be 1 or more.");
    }
    List<Trial> trials =
        parallelisms.stream().map(parallelism -> options.trial(parallelism, this::say)).toList();
    trials.forEach(trial -> trial.requireUsable(budget));
    List<Row> rows = new ArrayList<>();
    for (Trial trial : trials) {
      rows.add(run(trial));
    }
    say("");
    say(" subtasks  capacity  budget before  after  moved  settled s  overshoots  p99 s  busy");
    for (Row row : rows) {
      for (Step step : row.steps()) {
        say(
            " %8d  %8.0f  %13.3f  %5.3f  %3.0f %%  %9.2f  %10d  %5.2f  %s"
                .formatted(
                    row.parallelism(),
                    row.capacity(),
                    step.levelBefore(),
                    step.level(),
                    100 * step.moved(),
                    step.settledSeconds(),
                    step.overshoots(),
                    step.waitedP99(),
                    percent(step.utilization())));
      }
      say(
          "%d subtasks: settled after %.2f s (median of %d), missing %d, doubled %d"
              .formatted(
                  row.parallelism(), row.medianSettled(), steps, row.missing(), row.doubled()));
    }
    if (options.report() != null) {
      JsonFile.write(options.report(), rows);
    }
    return rows.stream().allMatch(row -> row.missing() == 0 && row.doubled() == 0) ? 0 : 1;
  }

  private Row run(Trial trial) throws Exception {
    double capacity = trial.fullNetworkCapacity(CAPACITY_SECONDS);
    say("capacity without early exit: %.0f frames/s".formatted(capacity));
    List<Phase> phases = new ArrayList<>();
    phases.add(new Phase(WARM_UP_SECONDS, 2 * LOAD * capacity));
    for (int i = 0; i < steps; i++) {
      phases.add(new Phase(BEFORE_SECONDS, LOAD * capacity));
      phases.add(new Phase(AFTER_SECONDS, 2 * LOAD * capacity));
    }
    Phases load = new Phases(phases);
    Trial.Run run = trial.run(budget, trial.plan(load, load.seconds()));
    List<Step> followed = new ArrayList<>();
    for (int i = 0; i < steps; i++) {
      double at = WARM_UP_SECONDS + i * (BEFORE_SECONDS + AFTER_SECONDS) + BEFORE_SECONDS;
      followed.add(step(run.recording(), at));
    }
    return new Row(
        trial.parallelism(),
        capacity,
        followed,
        run.report().missing(),
        run.report().doubled(),
        run.recording().events().stream().map(StepTrial::decision).toList());
  }

  private static Step step(Recording recording, double at) {
    List<Map.Entry<Double, ControlEvent>> events = recording.events();
    double end = at + AFTER_SECONDS;
    double level = level(events, end - LEVEL_SECONDS, end);
    double firstHalf = level(events, end - LEVEL_SECONDS, end - LEVEL_SECONDS / 2);
    double secondHalf = level(events, end - LEVEL_SECONDS / 2, end);
    return new Step(
        level(events, at - LEVEL_SECONDS, at),
        level,
        Math.abs(secondHalf - firstHalf) / level,
        settled(events, level, at, end) - at,
        overshoots(events, level, at, end),
        Recording.waited(recording.due(at, end), 0.99),
        Arrays.stream(STRETCHES)
            .map(stretch -> utilization(events, at + stretch[0], at + stretch[1]))
            .toList());
  }

  /** Mean over the windows that led to a change, which under load are nearly all. */
  private static double utilization(
      List<Map.Entry<Double, ControlEvent>> events, double from, double until) {
    return events.stream()
        .filter(event -> event.getKey() >= from && event.getKey() < until)
        .map(event -> event.getValue().getUtilization())
        .filter(Objects::nonNull)
        .mapToDouble(Double::doubleValue)
        .average()
        .orElse(Double.NaN);
  }

  private static String percent(List<Double> shares) {
    return shares.stream()
        .map(share -> "%.0f".formatted(100 * share))
        .collect(Collectors.joining("/", "", " %"));
  }

  private static Decision decision(Map.Entry<Double, ControlEvent> event) {
    ControlEvent told = event.getValue();
    return new Decision(
        event.getKey(),
        told.getBudget(),
        told.getNeededRate(),
        told.getServedRate(),
        told.getBacklogAgeMs(),
        told.getUtilization());
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
      List<Map.Entry<Double, ControlEvent>> events, double level, double at, double end) {
    double settled = at;
    boolean away = true;
    for (Map.Entry<Double, ControlEvent> event : events) {
      if (event.getKey() < at || event.getKey() >= end) {
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
      List<Map.Entry<Double, ControlEvent>> events, double level, double at, double end) {
    int overshoots = 0;
    boolean beyond = false;
    for (Map.Entry<Double, ControlEvent> event : events) {
      if (event.getKey() >= at && event.getKey() < end) {
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
