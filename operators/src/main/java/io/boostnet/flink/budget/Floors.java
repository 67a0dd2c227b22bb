package io.boostnet.flink.budget;

import io.boostnet.flink.model.StageCost;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleFunction;

/**
 * What the floors of sources ask for, as measured: the images that {@link Weighting} keeps.
 *
 * @param going share of the images at an exit that floors let go on, for each exit but the last; of
 *     those at a later exit, where none but they are there
 */
record Floors(double[] going) {

  private static final int HALVINGS = 30;

  /** Nothing is asked for. */
  static Floors none(int exits) {
    return new Floors(new double[exits - 1]);
  }

  /**
   * What was asked for of late. Of the images kept at one exit as large a share is kept at the next
   * as of those that came there, or of all that were sent where others came with them: where the
   * quotas let too few go on, what is asked for does not get less.
   */
  static Floors in(List<ConfidenceHistogram> seen) {
    double[] going = new double[seen.size()];
    double before = Double.POSITIVE_INFINITY;
    for (int i = 0; i < going.length && before > 0; i++) {
      double kept = seen.get(i).kept().total();
      double came = Math.min(before, seen.get(i).total());
      going[i] = came > 0 ? Math.min(1, kept / came) : 0;
      before = kept;
    }
    return new Floors(going);
  }

  /** Mean cost where only they go on. */
  double cost(StageCost cost) {
    return mean(going, cost);
  }

  /**
   * Exit shares under a budget: those of a plan, with what the floors ask for, and so much less for
   * the others that the mean cost stays within the budget. Floors that the budget cannot pay get
   * all that there is beyond the first exit, in proportion.
   *
   * @param plan exit shares for a budget without floors; cost rises with the budget, from that of
   *     the first exit
   */
  double[] shares(double budget, StageCost cost, DoubleFunction<double[]> plan) {
    double[] planned = plan.apply(budget);
    double[] continuing = continuing(planned);
    double[] raised = raised(continuing, 1);
    if (Arrays.equals(raised, continuing)) {
      return planned;
    }
    double low = 0; // up to 1 a part of the floors and nothing for others, then a part of the plan
    double high = 2;
    for (int i = 0; i < HALVINGS; i++) {
      double middle = (low + high) / 2;
      if (mean(at(middle, budget, plan), cost) <= budget) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return shares(at(low, budget, plan));
  }

  private double[] at(double place, double budget, DoubleFunction<double[]> plan) {
    double[] planned = plan.apply(Math.max(0, place - 1) * budget);
    return raised(continuing(planned), Math.min(1, place));
  }

  private double[] raised(double[] continuing, double part) {
    double[] raised = continuing.clone();
    for (int i = 0; i < raised.length; i++) {
      raised[i] = Math.max(raised[i], part * going[i]);
    }
    return raised;
  }

  private static double[] continuing(double[] shares) {
    return Arrays.stream(Quotas.leavingShares(shares)).map(leaving -> 1 - leaving).toArray();
  }

  private static double[] shares(double[] continuing) {
    double[] shares = new double[continuing.length + 1];
    double reached = 1;
    for (int i = 0; i < continuing.length; i++) {
      shares[i] = reached * (1 - continuing[i]);
      reached *= continuing[i];
    }
    shares[continuing.length] = reached;
    return shares;
  }

  private static double mean(double[] continuing, StageCost cost) {
    return Quotas.of(1, continuing).budget(cost);
  }
}
