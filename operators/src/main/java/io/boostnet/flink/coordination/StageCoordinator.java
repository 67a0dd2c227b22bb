package io.boostnet.flink.coordination;

import io.boostnet.flink.metrics.MetricNames;
import io.boostnet.flink.model.ThresholdChange.Measured;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.apache.flink.annotation.Internal;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.runtime.metrics.groups.AbstractMetricGroup;
import org.apache.flink.runtime.operators.coordination.OperatorCoordinator;
import org.apache.flink.runtime.operators.coordination.OperatorEvent;
import org.apache.flink.util.clock.SystemClock;

/**
 * Coordinator of one stage: passes the reports of its subtasks on to the {@link PipelineControl},
 * which all coordinators of a pipeline share through the job's coordinator store, and the decisions
 * back. That of stage 1 saves the state in checkpoints. Flink calls it from the JobManager's main
 * thread alone; a failure fails the job.
 */
@Internal
public final class StageCoordinator implements OperatorCoordinator {

  private static final byte[] NOTHING = new byte[0];

  private final Context context;
  private final ControlPlan plan;
  private final int stage;
  private final PipelineControl control;
  private MetricGroup metrics;

  private StageCoordinator(Context context, ControlPlan plan, int stage) {
    this.context = context;
    this.plan = plan;
    this.stage = stage;
    this.control =
        (PipelineControl)
            context
                .getCoordinatorStore()
                .compute(
                    plan.pipeline(),
                    (name, shared) ->
                        shared != null
                            ? shared
                            : new PipelineControl(plan, SystemClock.getInstance()));
  }

  @Override
  public void start() {
    if (stage == 1) {
      MetricGroup group = context.metricGroup().addGroup(MetricNames.CONTROL);
      double target = plan.controller().start().budget();
      group.gauge(MetricNames.TARGET, (Gauge<Double>) () -> target);
      gauge(group, MetricNames.BUDGET, Measured::budget);
      gauge(group, MetricNames.MEASURED_COST, Measured::meanCost);
      gauge(group, MetricNames.PRICE, Measured::price);
      gauge(group, MetricNames.NEEDED_RATE, Measured::neededRate);
      gauge(group, MetricNames.SERVED_RATE, Measured::servedPerSecond);
      gauge(group, MetricNames.BACKLOG_AGE_MS, Measured::backlogAgeMs);
      gauge(group, MetricNames.UTILIZATION, Measured::utilization);
      gauge(group, MetricNames.FORCED_SHARE, Measured::forcedShare);
      gauge(group, MetricNames.INHERITED_SHARE, Measured::inheritedShare);
      gauge(group, MetricNames.OFF_CLOCKS, seen -> (double) seen.offClocks().length);
      group.gauge(MetricNames.THRESHOLDS_VERSION, control::version);
      for (int i = 0; i < plan.priorities().size(); i++) {
        int priority = i;
        group
            .addGroup(MetricNames.PRIORITY, plan.priorities().get(i))
            .gauge(MetricNames.MEASURED_COST, (Gauge<Double>) () -> control.costOf(priority));
      }
      for (int exit = 1; exit < plan.cost().exits(); exit++) {
        int i = exit - 1;
        gauge(
            group.addGroup(MetricNames.STAGE, String.valueOf(exit)),
            MetricNames.AUDIT_AGREEMENT,
            seen -> i < seen.auditAgreement().length ? seen.auditAgreement()[i] : Double.NaN);
      }
      metrics = group;
    }
  }

  private void gauge(MetricGroup group, String name, Function<Measured, Double> value) {
    group.gauge(name, (Gauge<Double>) () -> value.apply(control.measured()));
  }

  @Override
  public void handleEventFromOperator(int subtask, int attempt, OperatorEvent event) {
    if (!(event instanceof TaskReport report)) {
      throw new IllegalArgumentException("stage " + stage + " got the event " + event);
    }
    control.report(stage, subtask, report);
  }

  @Override
  public void executionAttemptReady(int subtask, int attempt, SubtaskGateway gateway) {
    control.ready(stage, subtask, gateway);
  }

  @Override
  public void executionAttemptFailed(int subtask, int attempt, Throwable reason) {
    control.gone(stage, subtask);
  }

  @Override
  public void subtaskReset(int subtask, long checkpointId) {
    // The decisions of before the failure are the newest there are: they stay in force.
  }

  @Override
  public void checkpointCoordinator(long checkpointId, CompletableFuture<byte[]> result)
      throws Exception {
    result.complete(stage == 1 ? control.snapshot() : NOTHING);
  }

  @Override
  public void resetToCheckpoint(long checkpointId, byte[] saved) throws Exception {
    if (stage == 1) {
      control.restore(saved);
    }
  }

  @Override
  public void notifyCheckpointComplete(long checkpointId) {}

  /**
   * Takes its metrics back: the adaptive scheduler makes new coordinators at every restart, in the
   * same group, where names that are taken stay with the coordinator that took them.
   */
  @Override
  public void close() {
    if (metrics instanceof AbstractMetricGroup<?> group) {
      group.close();
    }
  }

  /**
   * Makes the coordinator of a stage.
   *
   * @param operator the stage's operator
   * @param plan the same for all stages of the pipeline
   * @param stage 1 .. K
   */
  public record Provider(OperatorID operator, ControlPlan plan, int stage)
      implements OperatorCoordinator.Provider {

    private static final long serialVersionUID = 1;

    @Override
    public OperatorID getOperatorId() {
      return operator;
    }

    @Override
    public OperatorCoordinator create(Context context) {
      return new StageCoordinator(context, plan, stage);
    }
  }
}
