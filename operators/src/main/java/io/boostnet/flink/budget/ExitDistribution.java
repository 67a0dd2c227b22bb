package io.boostnet.flink.budget;

import io.boostnet.flink.model.StageCost;
import java.io.Serializable;
import java.util.Arrays;
import org.apache.flink.annotation.PublicEvolving;

/** How many images left at each exit. Immutable; exits count from 1. */
@PublicEvolving
public final class ExitDistribution implements Serializable {

  private static final long serialVersionUID = 1;

  private final long[] counts;

  private ExitDistribution(long[] counts) {
    this.counts = counts;
  }

  /**
   * A distribution.
   *
   * @param counts images that left at exit 1, 2, ...; at least one exit, none below 0
   */
  public static ExitDistribution of(long... counts) {
    if (counts.length == 0 || Arrays.stream(counts).anyMatch(count -> count < 0)) {
      throw new IllegalArgumentException(
          "exit counts are " + Arrays.toString(counts) + "; one per exit, at least 0, is needed");
    }
    return new ExitDistribution(counts.clone());
  }

  /** Number of exits. */
  public int exits() {
    return counts.length;
  }

  /** Images that left at an exit. */
  public long at(int exit) {
    return counts[exit - 1];
  }

  /** Images that ran a stage: those that left at its exit or at a later one. */
  public long reached(int stage) {
    long reached = 0;
    for (int exit = stage; exit <= counts.length; exit++) {
      reached += counts[exit - 1];
    }
    return reached;
  }

  /** Images in all. */
  public long images() {
    return reached(1);
  }

  /** Share of images at each exit, summing to 1; all 0 where there was no image. */
  public double[] shares() {
    double images = Math.max(1, images());
    return Arrays.stream(counts).mapToDouble(count -> count / images).toArray();
  }

  /**
   * Cost of all images, in units of the full network's cost.
   *
   * @throws IllegalArgumentException if the cost is that of another number of exits
   */
  public double cost(StageCost cost) {
    if (cost.exits() != counts.length) {
      throw new IllegalArgumentException(
          "images left at "
              + counts.length
              + " exits, the cost is of "
              + cost.exits()
              + "; as many are needed");
    }
    double sum = 0;
    for (int exit = 1; exit <= counts.length; exit++) {
      sum += counts[exit - 1] * cost.atExit(exit);
    }
    return sum;
  }

  /** Mean cost of an image, as a share of the full network's; NaN where there was no image. */
  public double meanCost(StageCost cost) {
    return cost(cost) / images();
  }

  /** Both together. */
  public ExitDistribution plus(ExitDistribution other) {
    if (other.exits() != exits()) {
      throw new IllegalArgumentException(
          "cannot add " + other.exits() + " exits to " + exits() + "; as many are needed");
    }
    long[] sum = counts.clone();
    for (int i = 0; i < sum.length; i++) {
      sum[i] += other.counts[i];
    }
    return new ExitDistribution(sum);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ExitDistribution that && Arrays.equals(counts, that.counts);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(counts);
  }

  @Override
  public String toString() {
    return "ExitDistribution" + Arrays.toString(counts);
  }
}
