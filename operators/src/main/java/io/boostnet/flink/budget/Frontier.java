package io.boostnet.flink.budget;

import io.boostnet.flink.exit.Evidence;
import io.boostnet.flink.exit.Thresholds;
import io.boostnet.flink.model.StageCost;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.flink.annotation.Internal;
import org.apache.flink.annotation.PublicEvolving;

/**
 * Operating points for every mean cost, from the cheapest to the best. Immutable, thread-safe.
 *
 * <p>Between two neighbouring points the thresholds are interpolated by rank: the number of
 * calibration images confident enough to leave at exit k goes linearly from the one point to the
 * other. That keeps the order of the exits' thresholds sensible, and makes the mean cost rise from
 * the one to the other, so that every budget is met to within one image of the evidence per exit.
 */
@PublicEvolving
public final class Frontier implements Serializable {

  private static final long serialVersionUID = 1;

  private static final double QUOTA_MARGIN = 0.04;
  private static final int HALVINGS = 24;

  private final Evidence evidence;
  private final StageCost cost;
  private final RankedEvidence ranked;
  private final List<OperatingPoint> points;
  private final EvidenceConfidences confidences;

  /**
   * A frontier over points measured on the evidence, in any order.
   *
   * @throws IllegalArgumentException if there is no point
   */
  Frontier(Evidence evidence, StageCost cost, RankedEvidence ranked, List<OperatingPoint> points) {
    if (points.isEmpty()) {
      throw new IllegalArgumentException("frontier has no operating point; one is needed");
    }
    this.evidence = evidence;
    this.cost = cost;
    this.ranked = ranked;
    this.points = inOrderOfCost(points);
    this.confidences = new EvidenceConfidences(evidence);
  }

  /** Of points that cost the same, the most accurate is kept. */
  private static List<OperatingPoint> inOrderOfCost(List<OperatingPoint> points) {
    List<OperatingPoint> ordered =
        points.stream()
            .sorted(
                Comparator.comparingDouble(OperatingPoint::meanCost)
                    .thenComparing(OperatingPoint::accuracy, Comparator.reverseOrder()))
            .toList();
    return IntStream.range(0, ordered.size())
        .filter(i -> i == 0 || ordered.get(i).meanCost() > ordered.get(i - 1).meanCost())
        .mapToObj(ordered::get)
        .toList();
  }

  /** The solved points in order of mean cost. */
  public List<OperatingPoint> points() {
    return points;
  }

  /** The cost vector that the frontier was solved for. */
  public StageCost cost() {
    return cost;
  }

  /** Mean cost of the cheapest point. */
  public double leastCost() {
    return points.get(0).meanCost();
  }

  /** Mean cost of the dearest point; a larger budget is not spent, because it would not help. */
  public double mostCost() {
    return points.get(points.size() - 1).meanCost();
  }

  /**
   * The thresholds for a budget, what they cost on the evidence, and the accuracy to be expected:
   * that of the neighbouring points, interpolated. {@link OperatingPoint#measure} counts it.
   *
   * @param budget mean cost allowed, as a share of the full network's
   * @return a point that costs at most the budget, and less by no more than one image of the
   *     evidence per exit makes; the cheapest or the dearest point for a budget beyond them
   * @throws IllegalArgumentException if the budget is not a number
   */
  public OperatingPoint at(double budget) {
    int right = firstAbove(budget);
    if (right == 0) {
      return points.get(0);
    }
    OperatingPoint below = points.get(right - 1);
    if (right == points.size()) {
      return below;
    }
    int[] from = ranked.cuts(below.thresholds());
    int[] to = ranked.cuts(points.get(right).thresholds());
    double low = 0;
    double high = 1;
    OperatingPoint best = below;
    for (int i = 0; i < HALVINGS; i++) {
      double middle = (low + high) / 2;
      OperatingPoint point = OperatingPoint.measure(between(from, to, middle), evidence, cost);
      if (point.meanCost() <= budget) {
        low = middle;
        best = point;
      } else {
        high = middle;
      }
    }
    OperatingPoint above = points.get(right);
    double gain = weight(right, best.meanCost()) * (above.accuracy() - below.accuracy());
    return best.expecting(below.accuracy() + gain);
  }

  /**
   * Share of images planned to leave at each exit under a budget: the shares of the neighbouring
   * points, mixed so that their mean cost is the budget.
   *
   * @param budget mean cost allowed, as a share of the full network's
   * @return one per exit, summing to 1; those of the cheapest or the dearest point for a budget
   *     beyond them
   */
  public double[] sharesAt(double budget) {
    int right = firstAbove(budget);
    double[] shares = points.get(Math.max(0, right - 1)).exits().shares();
    if (right == 0 || right == points.size()) {
      return shares;
    }
    double[] above = points.get(right).exits().shares();
    double weight = weight(right, budget);
    for (int i = 0; i < shares.length; i++) {
      shares[i] += weight * (above[i] - shares[i]);
    }
    return shares;
  }

  /**
   * What is planned under a budget: the {@link #sharesAt} of it, and what confidences the images
   * then have at the exits that they reach.
   */
  ExitPlan planAt(double budget) {
    int right = firstAbove(budget);
    double[][] counts = confidences.reaching(points.get(Math.max(0, right - 1)).thresholds());
    if (right > 0 && right < points.size()) {
      double[][] above = confidences.reaching(points.get(right).thresholds());
      double weight = weight(right, budget);
      for (int i = 0; i < counts.length; i++) {
        for (int bin = 0; bin < counts[i].length; bin++) {
          counts[i][bin] += weight * (above[i][bin] - counts[i][bin]);
        }
      }
    }
    return new ExitPlan(
        Quotas.leavingShares(sharesAt(budget)),
        Arrays.stream(counts).map(ConfidenceHistogram::of).toList());
  }

  /**
   * As {@link #sharesAt}, except that a budget beyond the dearest point is spent, on images that
   * run the whole network: the most that a budget allows, where the other is what it is wise to do.
   */
  public double[] sharesAllowedBy(double budget) {
    double[] shares = sharesAt(budget);
    if (budget > mostCost() && mostCost() < 1) {
      double deep = Math.min(1, (budget - mostCost()) / (1 - mostCost()));
      for (int i = 0; i < shares.length; i++) {
        shares[i] *= 1 - deep;
      }
      shares[shares.length - 1] += deep;
    }
    return shares;
  }

  /**
   * The quotas that make a budget a guarantee: they promise the budget and {@value #QUOTA_MARGIN}
   * of it, so that what easy images saved can be spent on hard ones, and few exits are forced while
   * the feedback holds the budget itself.
   */
  @Internal
  public Quotas quotasFor(double budget) {
    return quotasFor(budget, Floors.none(cost.exits()));
  }

  /**
   * The same where sources have floors, which go before what others get. Where these alone cost
   * more, no threshold holds the budget, so that the quotas do.
   */
  Quotas quotasFor(double budget, Floors floors) {
    double margin = floors.cost(cost) <= budget ? QUOTA_MARGIN : 0;
    double promised = Math.min(1, (1 + margin) * budget);
    return Quotas.holding(floors.shares(promised, cost, this::sharesAllowedBy));
  }

  /**
   * Price of compute at a budget: accuracy gained per unit of cost there, at least 0; 0 where a
   * larger budget is not spent.
   */
  public double priceAt(double budget) {
    int right = Math.max(1, firstAbove(budget));
    if (right >= points.size()) {
      return 0;
    }
    OperatingPoint below = points.get(right - 1);
    OperatingPoint above = points.get(right);
    return Math.max(
        0, (above.accuracy() - below.accuracy()) / (above.meanCost() - below.meanCost()));
  }

  private double weight(int right, double budget) {
    double below = points.get(right - 1).meanCost();
    return (budget - below) / (points.get(right).meanCost() - below);
  }

  private int firstAbove(double budget) {
    if (Double.isNaN(budget)) {
      throw new IllegalArgumentException("budget is not a number; a share of 0..1 is needed");
    }
    int right = 0;
    while (right < points.size() && points.get(right).meanCost() <= budget) {
      right++;
    }
    return right;
  }

  private Thresholds between(int[] from, int[] to, double weight) {
    int[] cuts = new int[from.length];
    for (int exit = 0; exit < cuts.length; exit++) {
      cuts[exit] = (int) Math.round(from[exit] + weight * (to[exit] - from[exit]));
    }
    return ranked.thresholds(cuts);
  }
}
