package io.boostnet.jobs.dashboard;

import io.boostnet.schema.ControlEvent;
import java.util.List;

/**
 * What the page shows of a control event; the meanings and units are those of the schema.
 * Immutable.
 */
record ControlView(
    String pipeline,
    long version,
    long timestampMs,
    String reason,
    List<Double> thresholds,
    Double budget,
    Double measuredCost,
    Long backlogAgeMs,
    List<Double> auditAgreement) {

  static ControlView of(ControlEvent event) {
    return new ControlView(
        event.getPipeline(),
        event.getVersion(),
        event.getTimestampMs(),
        event.getReason(),
        event.getThresholds(),
        event.getBudget(),
        event.getMeasuredCost(),
        event.getBacklogAgeMs(),
        event.getAuditAgreement());
  }
}
