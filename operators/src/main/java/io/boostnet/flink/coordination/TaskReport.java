package io.boostnet.flink.coordination;

import java.io.Serializable;
import java.util.List;
import org.apache.flink.annotation.Internal;
import org.apache.flink.runtime.operators.coordination.OperatorEvent;

/**
 * What the stages of one task did since its last report; from the first of them to its coordinator.
 * Stages that are chained are one task, so that a pipeline sends one report per subtask and
 * interval however many stages it has.
 *
 * @param parts an {@link ExitReport} per stage, and what only some stages have to tell
 */
@Internal
public record TaskReport(List<Part> parts) implements OperatorEvent {

  private static final long serialVersionUID = 1;

  /** Copies the list. */
  public TaskReport {
    parts = List.copyOf(parts);
  }

  /** A part of a report. */
  public sealed interface Part extends Serializable permits ExitReport, IntakeReport, AuditReport {}
}
