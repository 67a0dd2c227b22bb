package io.boostnet.flink;

import io.boostnet.flink.budget.Budget;
import io.boostnet.flink.budget.BudgetController;
import io.boostnet.flink.budget.Frontier;
import io.boostnet.flink.budget.OptimalStopping;
import io.boostnet.flink.budget.Weighting;
import io.boostnet.flink.options.Priorities;
import io.boostnet.flink.stage.SourceWeights;
import java.util.List;

/**
 * A budget solved on the evidence of a bundle.
 *
 * @param controller keeps to it
 * @param weights what the priorities of sources make of it
 */
record SolvedBudget(BudgetController controller, SourceWeights weights) {

  /**
   * Solves the budget of an inference. Evidence is needed by those budgets alone that solve
   * thresholds on it.
   *
   * @param served the bundle in the form that thresholds are solved for
   * @throws IllegalArgumentException where the network cannot keep to it
   */
  static SolvedBudget of(EarlyExitInference options, ModelBundle served) {
    requireUsable(options, served);
    Budget budget = options.budget();
    if (budget instanceof Budget.Deadline) {
      return alike(BudgetController.ofDeadline(options.cascade.exits()));
    }
    if (budget instanceof Budget.Constant) {
      return alike(BudgetController.of(budget, null));
    }
    Frontier frontier =
        new OptimalStopping().solve(served.calibration(), served.cascade().cost(options.costUnit));
    Priorities priorities = options.priorities;
    List<Weighting> weightings =
        priorities.entries().stream().map(entry -> weighting(entry, frontier)).toList();
    return new SolvedBudget(
        BudgetController.of(budget, frontier), new SourceWeights(priorities, weightings));
  }

  private static SolvedBudget alike(BudgetController controller) {
    return new SolvedBudget(controller, SourceWeights.NONE);
  }

  private static Weighting weighting(Priorities.Entry entry, Frontier frontier) {
    if (entry.floor() > frontier.mostCost()) {
      throw new IllegalArgumentException(
          "floor of %s is %s, but beyond %.3f this network is not more often right; give at most that"
              .formatted(
                  entry.sources(), entry.floor(), Math.floor(1000 * frontier.mostCost()) / 1000));
    }
    double first = frontier.cost().atExit(1);
    if (entry.floor() > 0 && entry.floor() <= first) {
      throw new IllegalArgumentException(
          "floor of %s is %s, but every frame gets the first exit, which costs %.3f; give more than that, or leave the floor out"
              .formatted(entry.sources(), entry.floor(), Math.ceil(1000 * first) / 1000));
    }
    return new Weighting(
        entry.weight(), entry.floor() == 0 ? null : frontier.at(entry.floor()).thresholds());
  }

  /**
   * Refuses what can be told without solving.
   *
   * @throws IllegalArgumentException where the network cannot keep to the budget, or it has no
   *     price that priorities could share
   */
  static void requireUsable(EarlyExitInference options, ModelBundle served) {
    Budget budget = options.budget();
    double most =
        budget instanceof Budget.Fixed fixed
            ? fixed.share()
            : budget instanceof Budget.KeepUp keepUp ? keepUp.target() : Double.NaN;
    if (Double.isNaN(most)) {
      requireNoPriorities(options.priorities, budget);
      return;
    }
    double least = served.cascade().cost(options.costUnit).atExit(1);
    if (most < least) {
      throw new IllegalArgumentException(
          "budget is %s, the first exit of %s alone costs %.3f of the full network in %s (%s); give at least that"
              .formatted(
                  budget.words(),
                  options.cascade.name(),
                  Math.ceil(1e3 * least) / 1e3,
                  served.cascade().unitOf(options.costUnit),
                  served.precision()));
    }
    if (options.priorities.leastFloor() > most) {
      throw new IllegalArgumentException(
          "every source has a floor, the least is %s, and budget is %s, which cannot pay it; lower the floors or raise the budget"
              .formatted(options.priorities.leastFloor(), budget.words()));
    }
    served.calibration();
  }

  private static void requireNoPriorities(Priorities priorities, Budget budget) {
    if (priorities.isOn()) {
      throw new IllegalArgumentException(
          "priorities are set and budget is %s, which has no price that sources could share; use fixed:<share> or keep-up, or leave the priorities out"
              .formatted(budget.words()));
    }
  }
}
