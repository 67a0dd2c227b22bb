package io.boostnet.flink.budget;

import io.boostnet.flink.model.StageCost;
import java.io.Serializable;
import java.util.Arrays;
import org.apache.flink.annotation.Internal;

/**
 * Which share of the images that reach a stage may continue to the next. Immutable.
 *
 * <p>Each subtask keeps a {@link Quota} per stage, a token bucket of {@link #depth} d. What it
 * earns while its bucket is full goes to those that lack it ({@link QuotaExchange}), at most P d /
 * 2 at once in a pipeline of P subtasks; what is not spent until the next report is lost. When a
 * run of images begins, P d may be in the buckets, and P d / 2 each may have been lent, be lent by
 * the next decision, and by the one after it, to which reports were still on their way. So of any m
 * images in a row that reach stage k anywhere in the pipeline, at most {@code q_k m + c} continue,
 * with c = 5/2 P d, or d where P = 1 and nothing is lent. Hence of any n images in a row, stage k
 * runs at most
 *
 * <pre>
 *   n Q_k + D_k,   Q_1 = 1,  Q_{k+1} = q_k Q_k,   D_1 = 0,  D_{k+1} = q_k D_k + c
 * </pre>
 *
 * and with s_k the cost of stage k alone, their mean cost is at most {@code budget + slack / n}:
 *
 * <pre>
 *   budget = sum s_k Q_k,    slack = sum s_k D_k
 * </pre>
 *
 * That holds for any confidences, any thresholds and any restarts, since a bucket starts empty.
 */
@Internal
public final class Quotas implements Serializable {

  /** Depth where none is given: some 1 % of the exits are then forced. */
  public static final int DEFAULT_DEPTH = 64;

  /** What may be lent and on its way, in depths of all buckets. */
  private static final double LENT = 1.5;

  private static final long serialVersionUID = 1;

  private final double[] shares;
  private final int depth;

  private Quotas(double[] shares, int depth) {
    this.shares = shares;
    this.depth = depth;
  }

  /**
   * Quotas.
   *
   * @param depth images that may continue in a row beyond the share, at least 1
   * @param shares for each stage but the last, 0..1
   */
  public static Quotas of(int depth, double... shares) {
    if (depth < 1) {
      throw new IllegalArgumentException("quota depth is " + depth + "; at least 1 is needed");
    }
    for (double share : shares) {
      if (!(share >= 0 && share <= 1)) {
        throw new IllegalArgumentException(
            "quotas are " + Arrays.toString(shares) + "; each must be within 0..1");
      }
    }
    return new Quotas(shares.clone(), depth);
  }

  /** Quotas that force nothing. */
  public static Quotas none(int exits) {
    double[] shares = new double[exits - 1];
    Arrays.fill(shares, 1);
    return new Quotas(shares, 1);
  }

  /**
   * Quotas whose budget is the mean cost of these exit shares.
   *
   * @param exitShares one per exit, summing to 1
   */
  public static Quotas holding(double[] exitShares) {
    double[] leaving = leavingShares(exitShares);
    return of(DEFAULT_DEPTH, Arrays.stream(leaving).map(share -> 1 - share).toArray());
  }

  /**
   * Share of the images reaching an exit that leave there, for each exit but the last; 1 where none
   * is planned to reach it.
   */
  static double[] leavingShares(double[] exitShares) {
    double[] leaving = new double[exitShares.length - 1];
    double reaching = exitShares[exitShares.length - 1];
    for (int i = leaving.length - 1; i >= 0; i--) {
      reaching += exitShares[i];
      leaving[i] = reaching > 0 ? Math.min(1, exitShares[i] / reaching) : 1;
    }
    return leaving;
  }

  /** Number of exits. */
  public int exits() {
    return shares.length + 1;
  }

  /** Share that may continue from a stage, 0..1; stages count from 1, the last has none. */
  public double at(int stage) {
    return shares[stage - 1];
  }

  /** Depth of each bucket, in images. */
  public int depth() {
    return depth;
  }

  /** The shares, one for each stage but the last; a copy. */
  public double[] toArray() {
    return shares.clone();
  }

  /** Mean cost that long runs of images cannot exceed, as a share of the full network's. */
  public double budget(StageCost cost) {
    double sum = cost.ofStage(1);
    double reaching = 1;
    for (int stage = 2; stage <= exits(); stage++) {
      reaching *= at(stage - 1);
      sum += reaching * cost.ofStage(stage);
    }
    return sum;
  }

  /**
   * Cost by which any run of images of a pipeline may exceed that, in units of the full network's
   * cost.
   *
   * @param subtasks its parallelism
   */
  public double slack(StageCost cost, int subtasks) {
    double stored = subtasks == 1 ? depth : (1 + LENT) * subtasks * depth;
    double sum = 0;
    double extra = 0;
    for (int stage = 2; stage <= exits(); stage++) {
      extra = at(stage - 1) * extra + (at(stage - 1) < 1 ? stored : 0);
      sum += extra * cost.ofStage(stage);
    }
    return sum;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Quotas that
        && depth == that.depth
        && Arrays.equals(shares, that.shares);
  }

  @Override
  public int hashCode() {
    return 31 * depth + Arrays.hashCode(shares);
  }

  @Override
  public String toString() {
    return "Quotas" + Arrays.toString(shares) + " of depth " + depth;
  }
}
