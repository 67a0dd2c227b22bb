package io.boostnet.flink.coordination;

import static org.assertj.core.api.Assertions.assertThat;

import io.boostnet.flink.budget.Budget;
import io.boostnet.flink.budget.BudgetController;
import io.boostnet.flink.exit.Thresholds;
import io.boostnet.flink.metrics.MetricNames;
import io.boostnet.flink.model.StageCost;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.metrics.Metric;
import org.apache.flink.metrics.groups.OperatorCoordinatorMetricGroup;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.runtime.metrics.groups.GenericMetricGroup;
import org.apache.flink.runtime.metrics.groups.InternalOperatorCoordinatorMetricGroup;
import org.apache.flink.runtime.metrics.util.TestingMetricRegistry;
import org.apache.flink.runtime.operators.coordination.MockOperatorCoordinatorContext;
import org.apache.flink.runtime.operators.coordination.OperatorCoordinator;
import org.junit.jupiter.api.Test;

class StageCoordinatorTest {

  private static final OperatorID OPERATOR = new OperatorID();
  private static final ControlPlan PLAN =
      new ControlPlan(
          "pipeline",
          "constant",
          BudgetController.of(Budget.constant(Thresholds.of(1, 0.5, 0)), null),
          StageCost.ofCumulative(1, 2),
          ControlPlan.DEFAULT_INTERVAL);

  private final Map<String, Metric> reported = new HashMap<>();

  /** What Flink keeps of the job from one attempt to the next. */
  private final GenericMetricGroup job =
      new GenericMetricGroup(
          TestingMetricRegistry.builder()
              .setRegisterConsumer((metric, name, group) -> reported.put(name, metric))
              .setUnregisterConsumer((metric, name, group) -> reported.remove(name, metric))
              .build(),
          null,
          "job");

  @Test
  void start_afterAnotherWasClosed_reportsItsOwnMetrics() throws Exception {
    OperatorCoordinator first = start();
    Metric before = reported.get(MetricNames.BUDGET);
    assertThat(before).isNotNull();

    first.close();
    assertThat(reported).isEmpty();

    start();
    assertThat(reported).containsKeys(MetricNames.BUDGET, MetricNames.AUDIT_AGREEMENT);
    assertThat(reported.get(MetricNames.BUDGET)).isNotSameAs(before);
  }

  private OperatorCoordinator start() throws Exception {
    OperatorCoordinator.Context context =
        new MockOperatorCoordinatorContext(OPERATOR, 1) {
          @Override
          public OperatorCoordinatorMetricGroup metricGroup() {
            return new InternalOperatorCoordinatorMetricGroup(job);
          }
        };
    OperatorCoordinator coordinator =
        new StageCoordinator.Provider(OPERATOR, PLAN, 1).create(context);
    coordinator.start();
    return coordinator;
  }
}
