package io.boostnet.jobs.replay;

import io.boostnet.flink.budget.Budget;
import io.boostnet.flink.budget.BudgetController;
import io.boostnet.flink.budget.Frontier;
import io.boostnet.flink.budget.OptimalStopping;
import io.boostnet.flink.budget.PublishedSearch;
import io.boostnet.flink.budget.replay.PriceControl;
import io.boostnet.flink.exit.Evidence;
import io.boostnet.flink.exit.Thresholds;
import io.boostnet.flink.model.StageCost;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Solved thresholds, and the controllers that a replay compares.
 *
 * @param published the published search
 * @param ours optimal stopping
 */
record Policies(Frontier published, Frontier ours) {

  /** Name of the row of our controller. */
  static final String OURS = "ours";

  /** Name of the row of the best in hindsight. */
  static final String ORACLE = "oracle";

  static Policies solve(Evidence calibration, StageCost cost) {
    return new Policies(
        new PublishedSearch().solve(calibration, cost),
        new OptimalStopping().solve(calibration, cost));
  }

  /**
   * Budgets for one who gives none: fixed in the middle of the frontier, and keep-up over all of
   * it.
   */
  List<Budget> usualBudgets() {
    double least = Math.floor(100 * ours.leastCost()) / 100;
    double most = Math.ceil(100 * ours.mostCost()) / 100;
    double middle = Math.round(50 * (least + most)) / 100.0;
    return List.of(Budget.fixed(middle), Budget.keepUp().between(least, most));
  }

  /** A controller for every row but the oracle, in the order of the table. */
  Map<String, BudgetController> of(Budget budget) {
    int exits = ours.cost().exits();
    double share = share(budget);
    Map<String, BudgetController> policies = new LinkedHashMap<>();
    policies.put("never-exit", constant(Thresholds.neverExit(0, exits)));
    policies.put("first-exit", constant(Thresholds.of(0, new double[exits])));
    policies.put("static", constant(ours.at(share).thresholds()));
    policies.put("published", constant(published.at(share).thresholds()));
    if (budget instanceof Budget.Fixed) {
      policies.put("price", new PriceControl(share, ours));
    }
    policies.put(OURS, BudgetController.of(budget, ours));
    return policies;
  }

  /** The share that constant thresholds are solved for: the fixed one, or the target. */
  static double share(Budget budget) {
    return budget instanceof Budget.KeepUp keepUp
        ? keepUp.target()
        : ((Budget.Fixed) budget).share();
  }

  private BudgetController constant(Thresholds thresholds) {
    return BudgetController.of(Budget.constant(thresholds), ours);
  }
}
