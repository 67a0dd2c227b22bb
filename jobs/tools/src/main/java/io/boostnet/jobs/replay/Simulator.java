package io.boostnet.jobs.replay;

import io.boostnet.flink.budget.Budget;
import io.boostnet.flink.budget.BudgetController;
import io.boostnet.flink.budget.OptimalStopping;
import io.boostnet.flink.budget.Quotas;
import io.boostnet.flink.budget.replay.CostCurve;
import io.boostnet.flink.budget.replay.Load;
import io.boostnet.flink.budget.replay.Plant;
import io.boostnet.flink.budget.replay.Replay;
import io.boostnet.flink.exit.Evidence;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Runs budgets in scenarios, under every policy. All policies of a run get the same images at the
 * same times. Not thread-safe.
 */
final class Simulator {

  private static final int RUN = 5000;
  private static final long STAGE_TIMES = 0x5eed;

  private final ReplayInput input;
  private final Policies policies;
  private final Plant plant;
  private final double capacity;
  private final Scenario.Drifts drifts;
  private final long seed;
  private final int seeds;
  private final Map<Evidence, CostCurve> oracles = new IdentityHashMap<>();

  /**
   * A simulator.
   *
   * @param capacity images per second that the scenarios' rates are shares of
   * @param seed the first seed
   * @param seeds how many seeds in a row the rows are means of
   */
  Simulator(
      ReplayInput input,
      Policies policies,
      Plant plant,
      double capacity,
      Scenario.Drifts drifts,
      long seed,
      int seeds) {
    this.input = input;
    this.policies = policies;
    this.plant = plant;
    this.capacity = capacity;
    this.drifts = drifts;
    this.seed = seed;
    this.seeds = seeds;
  }

  /** How many times {@link #run} tells that it is further on. */
  int steps(Budget budget) {
    return policies.of(budget).size() * seeds;
  }

  /**
   * Runs a budget in a scenario.
   *
   * @param step told of every simulation that is done
   */
  ReplayReport.Run run(Budget budget, Scenario scenario, Runnable step) {
    Load load = scenario.load(capacity, input, drifts);
    List<ReplayReport.Row> rows = new ArrayList<>();
    Double bound = null;
    ReplayReport.Reaction reaction = null;
    for (Map.Entry<String, BudgetController> policy : policies.of(budget).entrySet()) {
      List<Observed> observed = new ArrayList<>();
      for (int i = 0; i < seeds; i++) {
        observed.add(observe(policy.getValue(), scenario, load, seed + i));
        step.run();
      }
      rows.add(Observed.row(policy.getKey(), observed));
      if (policy.getKey().equals(Policies.OURS)) {
        if (budget instanceof Budget.KeepUp keepUp) {
          double target = Math.min(keepUp.target(), policies.ours().mostCost());
          reaction = scenario.stepsInRate() ? Observed.reaction(observed, target) : null;
        } else {
          Quotas quotas = policy.getValue().start().quotas();
          bound = quotas.budget(plant.cost()) + quotas.slack(plant.cost(), plant.subtasks()) / RUN;
        }
      }
    }
    rows.add(oracle(rows.get(rows.size() - 1)));
    return new ReplayReport.Run(
        budget.words(),
        scenario.toString(),
        scenario.description(drifts),
        scenario.from(),
        scenario.until(),
        scenario.seconds(),
        rows,
        bound,
        reaction);
  }

  private Observed observe(
      BudgetController controller, Scenario scenario, Load load, long thisSeed) {
    Replay replay =
        new Replay(
                plant,
                load,
                controller,
                new Random(thisSeed)::nextDouble,
                new Random(thisSeed ^ STAGE_TIMES)::nextDouble)
            .run(scenario.seconds());
    return new Observed(replay, load, scenario, this::oracleCurve, dearest(replay));
  }

  private CostCurve oracleCurve(Evidence evidence) {
    return oracles.computeIfAbsent(
        evidence, e -> CostCurve.mixing(OptimalStopping.oracle().solve(e, plant.cost())));
  }

  /** Largest mean cost of consecutive images; null where there are too few. */
  private static Double dearest(Replay replay) {
    double dearest = -1;
    double[] costs = replay.costs();
    double sum = 0;
    for (int i = 0; i < costs.length; i++) {
      sum += costs[i] - (i >= RUN ? costs[i - RUN] : 0);
      dearest = i >= RUN - 1 ? Math.max(dearest, sum / RUN) : dearest;
    }
    return dearest < 0 ? null : dearest;
  }

  private static ReplayReport.Row oracle(ReplayReport.Row ours) {
    return new ReplayReport.Row(
        Policies.ORACLE,
        oracle(ours.before()),
        oracle(ours.onset()),
        oracle(ours.event()),
        oracle(ours.after()),
        oracle(ours.whole()),
        null,
        List.of());
  }

  private static ReplayReport.Phase oracle(ReplayReport.Phase ours) {
    return ours == null
        ? null
        : new ReplayReport.Phase(
            ours.images(),
            ours.meanCost(),
            ours.oracleAccuracy(),
            ours.oracleAccuracy(),
            null,
            null,
            null);
  }
}
