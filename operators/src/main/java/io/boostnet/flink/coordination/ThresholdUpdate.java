package io.boostnet.flink.coordination;

import io.boostnet.flink.budget.ControlState;
import io.boostnet.flink.budget.Quotas;
import io.boostnet.flink.exit.Thresholds;
import io.boostnet.flink.model.ThresholdChange;
import org.apache.flink.annotation.Internal;
import org.apache.flink.runtime.operators.coordination.OperatorEvent;

/**
 * The settings in force from here on; from a coordinator to a subtask of its stage, which passes it
 * on to the stages chained to it.
 *
 * @param thresholds thresholds, with their version
 * @param quotas quotas
 * @param reserveNanos time per stage below which a frame with a deadline does not start it, in
 *     nanoseconds; empty where deadlines are not kept
 * @param change the decision behind them
 */
@Internal
public record ThresholdUpdate(
    Thresholds thresholds, Quotas quotas, long[] reserveNanos, ThresholdChange change)
    implements OperatorEvent {

  private static final long serialVersionUID = 1;

  static ThresholdUpdate of(
      ControlState state, long timestampMs, String reason, ThresholdChange.Measured measured) {
    return new ThresholdUpdate(
        state.thresholds(),
        state.quotas(),
        state.reserveNanos(),
        new ThresholdChange(
            state.thresholds().version(),
            timestampMs,
            reason,
            state.thresholds().toArray(),
            state.quotas().toArray(),
            measured));
  }
}
