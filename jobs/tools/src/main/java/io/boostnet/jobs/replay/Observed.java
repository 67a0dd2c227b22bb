package io.boostnet.jobs.replay;

import io.boostnet.flink.budget.replay.CostCurve;
import io.boostnet.flink.budget.replay.Load;
import io.boostnet.flink.budget.replay.Replay;
import io.boostnet.flink.budget.replay.Step;
import io.boostnet.flink.exit.Evidence;
import io.boostnet.jobs.replay.ReplayReport.Phase;
import io.boostnet.jobs.replay.ReplayReport.Point;
import io.boostnet.jobs.replay.ReplayReport.Reaction;
import io.boostnet.jobs.replay.ReplayReport.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * A finished simulation of one policy in one scenario with one seed.
 *
 * @param replay the simulation
 * @param load what arrived in it
 * @param scenario the scenario
 * @param oracles best accuracy at any mean cost of evidence, in hindsight
 * @param dearestRun largest mean cost of 5,000 consecutive images, or null
 */
record Observed(
    Replay replay,
    Load load,
    Scenario scenario,
    Function<Evidence, CostCurve> oracles,
    Double dearestRun) {

  private static final double ONSET_SECONDS = 2;
  private static final int STEPS_PER_POINT = (int) (1000 / Replay.INTERVAL_MS);
  private static final double SETTLED = 0.1;

  /** The row of a policy from its simulations, at least one. */
  static Row row(String policy, List<Observed> seeds) {
    Scenario scenario = seeds.get(0).scenario();
    double from = scenario.from();
    double until = scenario.until();
    return new Row(
        policy,
        mean(seeds, one -> one.phase(0, from)),
        mean(seeds, one -> one.phase(from, from + ONSET_SECONDS)),
        mean(seeds, one -> one.phase(from, until)),
        mean(seeds, one -> one.phase(until, scenario.seconds())),
        mean(seeds, Observed::whole),
        seeds.stream()
            .map(Observed::dearestRun)
            .filter(Objects::nonNull)
            .max(Double::compare)
            .orElse(null),
        seeds.get(0).series());
  }

  /**
   * How a controller met the event, from its simulations.
   *
   * @param target largest budget that is spent
   */
  static Reaction reaction(List<Observed> seeds, double target) {
    List<Double> restored = seeds.stream().map(one -> one.restored(target)).toList();
    return new Reaction(
        seeds.stream().mapToDouble(one -> one.level(target)).average().orElseThrow(),
        seeds.stream().mapToDouble(one -> one.settled(target)).max().orElseThrow(),
        restored.contains(null) ? null : restored.stream().max(Double::compare).orElseThrow());
  }

  /** Null for a stretch of no length. */
  private Phase phase(double from, double until) {
    if (until <= from) {
      return null;
    }
    Replay.Summary summary = replay.summary(from, until);
    long oldestMs =
        replay.between(from, until).stream()
            .mapToLong(step -> Math.round(step.waitingMs()))
            .max()
            .orElseThrow();
    return new Phase(
        summary.exits().images(),
        summary.meanCost(),
        summary.accuracy(),
        oracles.apply(load.evidence().apply(from)).at(summary.meanCost()),
        summary.forcedShare(),
        summary.slowBacklogAgeMs() / 1e3,
        oldestMs / 1e3);
  }

  /** Its oracle spends in every part what was spent there. */
  private Phase whole() {
    Phase all = phase(0, scenario.seconds());
    double right = 0;
    for (Phase part :
        new Phase[] {
          phase(0, scenario.from()),
          phase(scenario.from(), scenario.until()),
          phase(scenario.until(), scenario.seconds())
        }) {
      right += part == null ? 0 : part.images() * part.oracleAccuracy();
    }
    return new Phase(
        all.images(),
        all.meanCost(),
        all.accuracy(),
        right / all.images(),
        all.forcedShare(),
        all.backlogP99Seconds(),
        all.backlogMaxSeconds());
  }

  private List<Point> series() {
    List<Step> steps = replay.steps();
    List<Point> points = new ArrayList<>();
    for (int end = STEPS_PER_POINT; end <= steps.size(); end += STEPS_PER_POINT) {
      List<Step> part = steps.subList(end - STEPS_PER_POINT, end);
      Step last = part.get(part.size() - 1);
      double images = part.stream().mapToLong(step -> step.window().images()).sum();
      double cost =
          part.stream()
              .mapToDouble(step -> step.window().exits().cost(replay.plant().cost()))
              .sum();
      double right = part.stream().mapToLong(Step::right).sum();
      double budget = last.adjustment().next().budget();
      points.add(
          new Point(
              last.seconds(),
              load.imagesPerSecond().applyAsDouble(last.seconds() - 0.5),
              images,
              last.waitingMs() / 1e3,
              Double.isNaN(budget) ? null : budget,
              images == 0 ? null : cost / images,
              images == 0 ? null : right / images));
    }
    return points;
  }

  private double level(double target) {
    return replay.between((scenario.from() + scenario.until()) / 2, scenario.until()).stream()
        .mapToDouble(step -> budget(step, target))
        .average()
        .orElseThrow();
  }

  /** Seconds from the event's begin until the budget stays near its level. */
  private double settled(double target) {
    double level = level(target);
    return replay.between(scenario.from(), scenario.until()).stream()
            .filter(step -> Math.abs(budget(step, target) - level) > SETTLED * level)
            .mapToDouble(Step::seconds)
            .max()
            .orElse(scenario.from())
        - scenario.from();
  }

  private Double restored(double target) {
    return replay.between(scenario.until(), scenario.seconds()).stream()
        .filter(step -> budget(step, target) == target)
        .map(step -> step.seconds() - scenario.until())
        .findFirst()
        .orElse(null);
  }

  private static double budget(Step step, double target) {
    return Math.min(target, step.adjustment().next().budget());
  }

  private static Phase mean(List<Observed> seeds, Function<Observed, Phase> phase) {
    List<Phase> phases = seeds.stream().map(phase).filter(Objects::nonNull).toList();
    return phases.isEmpty()
        ? null
        : new Phase(
            mean(phases, Phase::images),
            mean(phases, Phase::meanCost),
            mean(phases, Phase::accuracy),
            mean(phases, Phase::oracleAccuracy),
            mean(phases, Phase::forcedShare),
            mean(phases, Phase::backlogP99Seconds),
            phases.stream().mapToDouble(Phase::backlogMaxSeconds).max().orElseThrow());
  }

  private static double mean(List<Phase> phases, ToDoubleFunction<Phase> figure) {
    return phases.stream().mapToDouble(figure).average().orElseThrow();
  }
}
