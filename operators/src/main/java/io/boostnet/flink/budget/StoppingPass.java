package io.boostnet.flink.budget;

import java.util.Arrays;

/**
 * The backward passes of {@link OptimalStopping} at one price. Holds work arrays: not thread-safe.
 * Exits count from 0.
 */
final class StoppingPass {

  private static final int MOST_PASSES = 30;

  /**
   * Share of the images by which a cut moves that stands still, where gains are smoothed: the curve
   * follows the other cuts, so that they go on moving each other by single images.
   */
  private static final double STILL = 0.001;

  private final RankedEvidence ranked;
  private final double[][] value;
  private final double[] cost;
  private final double prior;

  /** The curve that gains are taken from; null where they are taken as they are. */
  private final GainParabola curve;

  private final int still;

  /** Exit that an image leaves at, and what it is worth from the exit in hand on. */
  private final int[] leaves;

  private final double[] worth;

  /** What leaving at the exit in hand gains an image, by rank, and how much the image counts. */
  private final double[] gain;

  private final double[] weight;

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
   * @param smooth whether gains are taken from a curve fitted to them
   */
  StoppingPass(
      RankedEvidence ranked, double[][] value, double[] cost, double prior, boolean smooth) {
    this.ranked = ranked;
    this.value = value;
    this.cost = cost;
    this.prior = prior;
    curve = smooth ? new GainParabola() : null;
    still = smooth ? (int) (STILL * ranked.images) : 0;
    leaves = new int[ranked.images];
    worth = new double[ranked.images];
    gain = new double[ranked.images];
    weight = new double[ranked.images];
  }

  /** What is best at an infinite price. */
  Solution everythingLeavesFirst() {
    int[] cuts = new int[ranked.exits - 1];
    Arrays.fill(cuts, ranked.images);
    return measure(cuts);
  }

  /** Goes over the cuts, the last first, until all of them stand still. */
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
        changed |= Math.abs(cut - cuts[exit]) > still;
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
    for (int rank = 0; rank < order.length; rank++) {
      int image = order[rank];
      gain[rank] = here[image] - paid - worth[image];
      weight[rank] = leaves[image] >= exit ? 1 : prior;
    }
    if (curve != null) {
      smooth();
    }
    double sum = 0;
    double best = 0;
    int cut = 0;
    for (int rank = 0; rank < order.length; rank++) {
      sum += weight[rank] * gain[rank];
      if (sum > best && !ranked.splitsEquals(exit, rank + 1)) {
        best = sum;
        cut = rank + 1;
      }
    }
    return cut;
  }

  private void smooth() {
    curve.clear();
    for (int rank = 0; rank < gain.length; rank++) {
      curve.add(place(rank), gain[rank], weight[rank]);
    }
    curve.fit();
    for (int rank = 0; rank < gain.length; rank++) {
      gain[rank] = curve.at(place(rank));
    }
  }

  private double place(int rank) {
    return 2.0 * rank / gain.length - 1;
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
