package io.boostnet.jobs.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.boostnet.flink.ModelBundle;
import io.boostnet.flink.budget.OptimalStopping;
import io.boostnet.flink.budget.Quotas;
import io.boostnet.flink.inference.Device;
import io.boostnet.flink.model.CostUnit;
import io.boostnet.flink.model.Precision;
import io.boostnet.flink.model.StageCost;
import io.boostnet.schema.Prediction;
import java.util.Collection;

/** What the quotas of a fixed budget promise, whatever happens to the job. */
final class BudgetBound {

  private final double budget;
  private final Quotas quotas;
  private final StageCost cost;

  /**
   * The bound of a bundle under a budget.
   *
   * @param share the fixed budget, as a share of the full network's cost
   */
  BudgetBound(String bundle, double share) {
    ModelBundle read = ModelBundle.read(bundle).served(Precision.AUTO, Device.CPU);
    cost = read.cascade().cost(CostUnit.TIME);
    quotas =
        Quotas.holding(
            new OptimalStopping().solve(read.calibration(), cost).sharesAllowedBy(share));
    budget = quotas.budget(cost);
  }

  /**
   * Fails where the committed predictions cost more than the quotas allow. What was decided between
   * two restarts and could be committed is the beginning of what was decided, and the buckets were
   * empty then: so the bound holds for the sum over all restarts.
   */
  void assertHolds(Collection<Prediction> predictions) {
    long subtasks = predictions.stream().map(Prediction::getSubtask).distinct().count();
    double spent = predictions.stream().mapToDouble(Prediction::getCost).sum();

    assertThat(spent)
        .as("cost of %d frames of %d subtasks", predictions.size(), subtasks)
        .isLessThanOrEqualTo(
            budget * predictions.size() + quotas.slack(cost, Math.max(1, (int) subtasks)));
  }
}
