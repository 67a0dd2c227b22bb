package io.boostnet.flink.budget;

import java.util.Arrays;

/**
 * Coordinate ascent of {@link OptimalStopping} at one price. Holds work arrays: not thread-safe.
 * Exits count from 0.
 */
final class StoppingPass {

  private static final int MOST_PASSES = 30;

  private final RankedEvidence ranked;
  private final double[][] value;
  private final double[] cost;
  private final double prior;

  /** Exit that an image leaves at, and what it is worth from the exit in hand on. */
  private final int[] leaves;

  private final double[] worth;

  /**
   * Cuts found at a price.
   *
   * @param cuts per exit but the last
   * @param cost mean cost of an image
   * @param value mean of v at the exits taken
   */
  record Solution(int[] cuts, double cost, double value) {

    double worth(double price) {
      return value - price * cost;
    }
  }

  /**
   * Prepares passes.
   *
   * @param value v of every image, per exit
   * @param cost cumulative cost, per exit
   * @param prior weight of images that do not reach an exit
   */
  StoppingPass(RankedEvidence ranked, double[][] value, double[] cost, double prior) {
    this.ranked = ranked;
    this.value = value;
    this.cost = cost;
    this.prior = prior;
    leaves = new int[ranked.images];
    worth = new double[ranked.images];
  }

  /** What is best at an infinite price. */
  Solution everythingLeavesFirst() {
    int[] cuts = new int[ranked.exits - 1];
    Arrays.fill(cuts, ranked.images);
    return measure(cuts);
  }

  /** Improves cuts until no change of one of them is worth more at the price. */
  Solution ascend(double price, int[] start) {
    int[] cuts = start.clone();
    boolean changed = true;
    for (int pass = 0; changed && pass < MOST_PASSES; pass++) {
      run(cuts);
      changed = false;
      for (int image = 0; image < ranked.images; image++) {
        worth[image] = value[ranked.exits - 1][image] - price * cost[ranked.exits - 1];
      }
      for (int exit = ranked.exits - 2; exit >= 0; exit--) {
        int cut = bestCut(exit, price);
        changed |= cut != cuts[exit];
        cuts[exit] = cut;
        for (int rank = 0; rank < cut; rank++) {
          int image = ranked.order[exit][rank];
          worth[image] = value[exit][image] - price * cost[exit];
        }
      }
    }
    return measure(cuts);
  }

  private int bestCut(int exit, double price) {
    int[] order = ranked.order[exit];
    double[] here = value[exit];
    double paid = price * cost[exit];
    double sum = 0;
    double best = 0;
    int cut = 0;
    for (int rank = 0; rank < order.length; rank++) {
      int image = order[rank];
      double gain = here[image] - paid - worth[image];
      sum += leaves[image] >= exit ? gain : prior * gain;
      if (sum > best && !ranked.splitsEquals(exit, rank + 1)) {
        best = sum;
        cut = rank + 1;
      }
    }
    return cut;
  }

  /** Notes where each image leaves. */
  private void run(int[] cuts) {
    Arrays.fill(leaves, ranked.exits - 1);
    for (int exit = ranked.exits - 2; exit >= 0; exit--) {
      for (int rank = 0; rank < cuts[exit]; rank++) {
        leaves[ranked.order[exit][rank]] = exit;
      }
    }
  }

  private Solution measure(int[] cuts) {
    run(cuts);
    double costs = 0;
    double values = 0;
    for (int image = 0; image < ranked.images; image++) {
      costs += cost[leaves[image]];
      values += value[leaves[image]][image];
    }
    return new Solution(cuts, costs / ranked.images, values / ranked.images);
  }
}
