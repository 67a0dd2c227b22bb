package io.boostnet.flink.coordination;

import java.util.List;
import org.apache.flink.runtime.operators.coordination.OperatorEvent;

/**
 * What the stages of one task did since its last report; from the first of them to its coordinator.
 * Stages that are chained are one task, so that a pipeline sends one report per subtask and
 * interval however many stages it has.
 *
 * @param stages at least one, ascending
 */
public record TaskReport(List<ExitReport> stages) implements OperatorEvent {

  private static final long serialVersionUID = 1;

  /** Copies the list. */
  public TaskReport {
    stages = List.copyOf(stages);
  }
}
