package io.boostnet.flink.coordination;

import java.util.Arrays;

/**
 * Agreement of early exits with the last one, over the last few hundred audits of each exit: older
 * ones fade. Not thread-safe.
 */
final class AuditTally {

  private static final double FADING = 0.998;

  private final double[] compared;
  private final double[] agreed;

  AuditTally(int exits) {
    compared = new double[exits - 1];
    agreed = new double[exits - 1];
  }

  void add(AuditReport audits) {
    for (int i = 0; i < compared.length; i++) {
      double fading = Math.pow(FADING, audits.compared()[i]);
      compared[i] = fading * compared[i] + audits.compared()[i];
      agreed[i] = fading * agreed[i] + audits.agreed()[i];
    }
  }

  /** Share that agreed, for each exit but the last, NaN where none was compared; empty for none. */
  double[] agreement() {
    if (Arrays.stream(compared).allMatch(count -> count == 0)) {
      return new double[0];
    }
    double[] shares = new double[compared.length];
    Arrays.setAll(shares, i -> agreed[i] / compared[i]);
    return shares;
  }
}
