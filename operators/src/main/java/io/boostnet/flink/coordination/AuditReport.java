package io.boostnet.flink.coordination;

import org.apache.flink.annotation.Internal;

/**
 * Frames that had left early and were run to the end for comparison; of the last stage.
 *
 * @param compared their number, for each exit but the last
 * @param agreed those of them for which the last exit predicted the same class
 */
@Internal
public record AuditReport(long[] compared, long[] agreed) implements TaskReport.Part {

  private static final long serialVersionUID = 1;

  /** Copies the counts. */
  public AuditReport {
    compared = compared.clone();
    agreed = agreed.clone();
  }
}
