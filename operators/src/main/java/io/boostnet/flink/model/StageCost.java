package io.boostnet.flink.model;

import java.io.Serializable;
import java.util.Arrays;
import org.apache.flink.annotation.PublicEvolving;

/**
 * Cumulative cost of leaving at each exit, as a share of the full network's cost. Immutable.
 *
 * <p>The unit behind the shares is the caller's: multiply-accumulate operations from the manifest,
 * or nanoseconds measured on a device.
 */
@PublicEvolving
public final class StageCost implements Serializable {

  private static final long serialVersionUID = 1;

  private final double[] cumulativeShare;

  private StageCost(double[] cumulativeShare) {
    this.cumulativeShare = cumulativeShare;
  }

  /**
   * Costs in any one unit, from the input to each exit.
   *
   * @throws IllegalArgumentException unless there is at least one and they rise strictly from above
   *     0
   */
  public static StageCost ofCumulative(double... cumulative) {
    double before = 0;
    for (double cost : cumulative) {
      if (!(cost > before) || Double.isInfinite(cost)) {
        throw new IllegalArgumentException(
            "cumulative costs are "
                + Arrays.toString(cumulative)
                + "; each must be finite and above the one before");
      }
      before = cost;
    }
    if (cumulative.length == 0) {
      throw new IllegalArgumentException("cumulative costs are empty; one per exit is needed");
    }
    double full = before;
    return new StageCost(Arrays.stream(cumulative).map(cost -> cost / full).toArray());
  }

  /** Number of exits. */
  public int exits() {
    return cumulativeShare.length;
  }

  /**
   * Cost of an image that leaves at this exit.
   *
   * @param exit 1 .. exits
   * @return share of the full network's cost, above 0 and at most 1
   */
  public double atExit(int exit) {
    return cumulativeShare[exit - 1];
  }

  /**
   * Cost of one stage alone.
   *
   * @param stage 1 .. exits
   * @return share of the full network's cost
   */
  public double ofStage(int stage) {
    return stage == 1
        ? cumulativeShare[0]
        : cumulativeShare[stage - 1] - cumulativeShare[stage - 2];
  }

  /** The cumulative shares, one per exit, the last is 1; a copy. */
  public double[] toArray() {
    return cumulativeShare.clone();
  }

  @Override
  public String toString() {
    return "StageCost" + Arrays.toString(cumulativeShare);
  }
}
