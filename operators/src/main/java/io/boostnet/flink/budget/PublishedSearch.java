package io.boostnet.flink.budget;

import io.boostnet.flink.exit.Evidence;
import io.boostnet.flink.exit.Thresholds;
import io.boostnet.flink.model.StageCost;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.annotation.PublicEvolving;

/**
 * The threshold search of the published early-exit networks: the baseline.
 *
 * <p>The share of images meant to leave at exit k is {@code q^k}, scaled to sum to 1. The threshold
 * of exit k is the quantile of the confidences of those still there that makes it so. The published
 * code tries {@code q = p / 20} for p = 1 .. 39; here {@code q = 20 / p} for p = 19 .. 1 and
 * never-exit follow, so that the whole range of costs is covered. Labels are not used, so a larger
 * budget may be spent for less accuracy.
 *
 * <p>Source: budgeted batch classification of Huang et al., "Multi-Scale Dense Networks for
 * Resource Efficient Image Classification", ICLR 2018, as taken over by Yu et al., "Boosted Dynamic
 * Neural Networks", AAAI 2023.
 */
@PublicEvolving
public final class PublishedSearch implements ThresholdSolver {

  private static final int STEPS = 20;

  @Override
  public Frontier solve(Evidence evidence, StageCost cost) {
    RankedEvidence ranked = new RankedEvidence(evidence);
    List<OperatingPoint> points = new ArrayList<>();
    for (int p = 1; p < 2 * STEPS; p++) {
      points.add(point((double) p / STEPS, ranked, evidence, cost));
    }
    for (int p = STEPS / 2; p >= 1; p--) {
      points.add(point((double) STEPS / p, ranked, evidence, cost));
    }
    points.add(OperatingPoint.measure(Thresholds.neverExit(0, evidence.exits()), evidence, cost));
    return new Frontier(evidence, cost, ranked, points);
  }

  /**
   * Exit shares {@code q^k}, scaled to sum to 1.
   *
   * @param ratio q, above 0
   * @param exits number of exits
   */
  public static double[] geometricShares(double ratio, int exits) {
    if (!(ratio > 0)) {
      throw new IllegalArgumentException(
          "ratio of exit shares is " + ratio + "; above 0 is needed");
    }
    double[] shares = new double[exits];
    double sum = 0;
    for (int k = 0; k < exits; k++) {
      shares[k] = Math.pow(ratio, k + 1);
      sum += shares[k];
    }
    for (int k = 0; k < exits; k++) {
      shares[k] /= sum;
    }
    return shares;
  }

  /**
   * Thresholds under which given shares of the evidence leave at each exit. An exit whose share is
   * less than one image is closed, and so is one that fewer images reach than should leave there.
   *
   * @param shares one per exit, 0..1
   */
  public static Thresholds thresholdsFor(double[] shares, Evidence evidence) {
    if (shares.length != evidence.exits()) {
      throw new IllegalArgumentException(
          String.format(
              "%d exit shares for %d exits; one per exit is needed",
              shares.length, evidence.exits()));
    }
    return thresholdsFor(shares, new RankedEvidence(evidence));
  }

  private static OperatingPoint point(
      double ratio, RankedEvidence ranked, Evidence evidence, StageCost cost) {
    Thresholds thresholds = thresholdsFor(geometricShares(ratio, evidence.exits()), ranked);
    return OperatingPoint.measure(thresholds, evidence, cost);
  }

  private static Thresholds thresholdsFor(double[] shares, RankedEvidence ranked) {
    double[] values = new double[ranked.exits];
    boolean[] left = new boolean[ranked.images];
    for (int exit = 0; exit < ranked.exits - 1; exit++) {
      values[exit] = quantile((int) Math.floor(ranked.images * shares[exit]), exit, left, ranked);
      for (int rank = 0;
          rank < ranked.images && ranked.sorted[exit][rank] >= values[exit];
          rank++) {
        left[ranked.order[exit][rank]] = true;
      }
    }
    return Thresholds.of(0, values);
  }

  private static double quantile(int leaving, int exit, boolean[] left, RankedEvidence ranked) {
    int counted = 0;
    for (int rank = 0; rank < ranked.images; rank++) {
      if (!left[ranked.order[exit][rank]] && ++counted == leaving) {
        return ranked.sorted[exit][rank];
      }
    }
    return RankedEvidence.CLOSED;
  }
}
