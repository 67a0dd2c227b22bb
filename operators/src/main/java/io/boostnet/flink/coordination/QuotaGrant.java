package io.boostnet.flink.coordination;

import org.apache.flink.annotation.Internal;
import org.apache.flink.runtime.operators.coordination.OperatorEvent;

/**
 * What other subtasks spared of their quotas; from a coordinator to a subtask of its stage, which
 * passes it on to the stages chained to it.
 *
 * @param tokens for each stage but the last
 */
@Internal
public record QuotaGrant(double[] tokens) implements OperatorEvent {

  private static final long serialVersionUID = 1;

  /** Tokens of a stage, 1 .. K; none at the last. */
  public double at(int stage) {
    return stage <= tokens.length ? tokens[stage - 1] : 0;
  }
}
