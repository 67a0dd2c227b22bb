package io.boostnet.jobs.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.boostnet.flink.ModelBundle;
import io.boostnet.flink.budget.OptimalStopping;
import io.boostnet.flink.budget.Quotas;
import io.boostnet.flink.inference.Device;
import io.boostnet.flink.model.Precision;
import io.boostnet.flink.model.StageCost;
import io.boostnet.schema.Prediction;
import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;

/** What the quotas of a fixed budget promise, whatever happens to the job. */
final class BudgetBound {

  private final double budget;
  private final double slack;

  /**
   * The bound of a bundle under a budget.
   *
   * @param share the fixed budget, as a share of the full network's cost
   */
  BudgetBound(String bundle, double share) {
    ModelBundle read = ModelBundle.read(bundle).served(Precision.AUTO, Device.CPU);
    StageCost cost = read.cascade().costInMacs();
    Quotas quotas =
        Quotas.holding(
            new OptimalStopping().solve(read.calibration(), cost).sharesAllowedBy(share));
    budget = quotas.budget(cost);
    slack = quotas.slack(cost);
  }

  /**
   * Fails where the committed predictions of a subtask cost more than its quotas allow. What a
   * subtask decided between two restarts and could commit is the beginning of what it decided, and
   * its buckets were empty then: so the bound holds for the sum over all restarts.
   */
  void assertHolds(Collection<Prediction> predictions) {
    Map<Integer, Double> costs =
        predictions.stream()
            .collect(
                Collectors.groupingBy(
                    Prediction::getSubtask, Collectors.summingDouble(Prediction::getCost)));
    Map<Integer, Long> counts =
        predictions.stream()
            .collect(Collectors.groupingBy(Prediction::getSubtask, Collectors.counting()));
    costs.forEach(
        (subtask, cost) ->
            assertThat(cost)
                .as("cost of %d frames of subtask %d", counts.get(subtask), subtask)
                .isLessThanOrEqualTo(budget * counts.get(subtask) + slack));
  }
}
