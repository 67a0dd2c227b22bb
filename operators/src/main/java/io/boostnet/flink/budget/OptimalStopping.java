package io.boostnet.flink.budget;

import io.boostnet.flink.exit.Evidence;
import io.boostnet.flink.model.StageCost;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.flink.annotation.PublicEvolving;

/**
 * Thresholds by optimal stopping under a price of compute.
 *
 * <p>For a price λ (accuracy given up per unit of cost) an image that leaves at exit k is worth
 * {@code v_k - λ c_k}, where c_k is the cost and v_k the probability that exit k is right. Going
 * backwards from the last exit, {@code W_K = v_K - λ c_K}, and exit k is taken by the images for
 * which that is worth more on the whole:
 *
 * <pre>
 *   T_k = argmax_T  sum over images with confidence >= T of  w (v_k - λ c_k - W_{k+1})
 *   W_k = v_k - λ c_k where confidence >= T_k, else W_{k+1}
 * </pre>
 *
 * The weight w is 1 for images that the thresholds before k let through and {@value #PRIOR} for the
 * others, so that an exit which few reach still gets a sensible threshold. Because the survivors
 * depend on the thresholds before, backward passes repeat until they stand still (coordinate ascent
 * on the Lagrangian).
 *
 * <p>Prices are not guessed: between two points of the frontier the next price is the slope of
 * their chord, and a better point found there splits it, until neighbours are close or nothing is
 * found above the chord. What remains is the upper concave envelope: a larger budget is spent only
 * where it gains.
 *
 * <p>Against overfitting, v_k is not the bare fact of being right on one image but the calibrated
 * probability ({@link ConfidenceCalibration}), moved by {@value #EVIDENCE} of the way towards that
 * fact; and the gains of leaving are not summed as they are but as the values of a curve over the
 * rank of the confidence that is fitted to them ({@link GainParabola}). What that brings is
 * measured in DESIGN.md of this module.
 *
 * <p>{@link #oracle()} is the same search on the bare facts: run on the test labels themselves, it
 * bounds what any thresholds can reach. Coordinate ascent finds local optima, so the bound is that
 * of the best of its starts: both neighbours, half-way between them, and, for the dearest point,
 * every threshold of the published search (every fifth, where gains are smoothed: more starts gain
 * nothing there).
 *
 * <p>Source of the price of compute: Lagrangian relaxation of the constraint on the mean cost, e.g.
 * Trapeznikov and Saligrama, "Supervised Sequential Classification Under Budget Constraints",
 * AISTATS 2013.
 */
@PublicEvolving
public final class OptimalStopping implements ThresholdSolver {

  private static final double PRIOR = 0.1;
  private static final double EVIDENCE = 0.25;

  /** Of the published search's thresholds, every how many-th the smoothed search starts from. */
  private static final int STARTS_APART = 5;

  /** Neighbours whose mean costs are closer than this are not split further. */
  private static final double RESOLUTION = 0.005;

  private final double prior;
  private final double evidenceWeight;
  private final boolean smooth;

  /** The solver for thresholds that will serve images not in the evidence. */
  public OptimalStopping() {
    this(PRIOR, EVIDENCE, true);
  }

  private OptimalStopping(double prior, double evidenceWeight, boolean smooth) {
    this.prior = prior;
    this.evidenceWeight = evidenceWeight;
    this.smooth = smooth;
  }

  /** The solver that trusts every label: run on test evidence, it gives the best in hindsight. */
  public static OptimalStopping oracle() {
    return new OptimalStopping(0, 1, false);
  }

  @Override
  public Frontier solve(Evidence evidence, StageCost cost) {
    if (evidence.exits() != cost.exits()) {
      throw new IllegalArgumentException(
          String.format(
              "evidence has %d exits and the cost %d; as many are needed",
              evidence.exits(), cost.exits()));
    }
    RankedEvidence ranked = new RankedEvidence(evidence);
    StoppingPass pass = new StoppingPass(ranked, values(evidence), cost.toArray(), prior, smooth);
    StoppingPass.Solution cheapest = pass.everythingLeavesFirst();
    StoppingPass.Solution dearest = dearest(pass, ranked, evidence, cost);
    List<StoppingPass.Solution> found = new ArrayList<>();
    found.add(cheapest);
    if (dearest.cost() > cheapest.cost()) {
      split(pass, cheapest, dearest, found);
      found.add(dearest);
    }
    List<OperatingPoint> points = new ArrayList<>();
    for (StoppingPass.Solution solution : envelope(found)) {
      points.add(
          OperatingPoint.measure(ranked.thresholds(solution.cuts()), evidence, cost)
              .expecting(solution.value()));
    }
    return new Frontier(evidence, cost, ranked, points);
  }

  /** v_k of every image, per exit. */
  private double[][] values(Evidence evidence) {
    double[][] values = new double[evidence.exits()][evidence.images()];
    ConfidenceCalibration[] calibrated = ConfidenceCalibration.fit(evidence);
    for (int exit = 1; exit <= evidence.exits(); exit++) {
      for (int image = 0; image < evidence.images(); image++) {
        double probability = calibrated[exit - 1].probability(evidence.confidence(exit, image));
        double right = evidence.correct(exit, image) ? 1 : 0;
        values[exit - 1][image] = probability + evidenceWeight * (right - probability);
      }
    }
    return values;
  }

  private StoppingPass.Solution dearest(
      StoppingPass pass, RankedEvidence ranked, Evidence evidence, StageCost cost) {
    StoppingPass.Solution best = pass.everythingLeavesFirst();
    List<OperatingPoint> starts = new PublishedSearch().solve(evidence, cost).points();
    for (int i = starts.size() - 1; i >= 0; i -= smooth ? STARTS_APART : 1) {
      OperatingPoint start = starts.get(i);
      StoppingPass.Solution solution = pass.ascend(0, ranked.cuts(start.thresholds()));
      if (solution.value() > best.value()) {
        best = solution;
      }
    }
    return best;
  }

  private static void split(
      StoppingPass pass,
      StoppingPass.Solution below,
      StoppingPass.Solution above,
      List<StoppingPass.Solution> found) {
    if (above.cost() - below.cost() < RESOLUTION) {
      return;
    }
    double price = (above.value() - below.value()) / (above.cost() - below.cost());
    StoppingPass.Solution best = null;
    for (int[] start : List.of(below.cuts(), middle(below.cuts(), above.cuts()), above.cuts())) {
      StoppingPass.Solution solution = pass.ascend(price, start);
      if (best == null || solution.worth(price) > best.worth(price)) {
        best = solution;
      }
    }
    boolean between = best.cost() > below.cost() && best.cost() < above.cost();
    if (between && best.worth(price) > below.worth(price)) {
      split(pass, below, best, found);
      found.add(best);
      split(pass, best, above, found);
    }
  }

  private static int[] middle(int[] one, int[] other) {
    int[] middle = new int[one.length];
    Arrays.setAll(middle, i -> (one[i] + other[i]) >>> 1);
    return middle;
  }

  /** The points, in order of cost, that lie on the upper concave envelope, up to its top. */
  private static List<StoppingPass.Solution> envelope(List<StoppingPass.Solution> byCost) {
    List<StoppingPass.Solution> hull = new ArrayList<>();
    for (StoppingPass.Solution next : byCost) {
      while (hull.size() >= 2
          && slope(hull.get(hull.size() - 2), hull.get(hull.size() - 1))
              <= slope(hull.get(hull.size() - 1), next)) {
        hull.remove(hull.size() - 1);
      }
      hull.add(next);
    }
    while (hull.size() >= 2 && slope(hull.get(hull.size() - 2), hull.get(hull.size() - 1)) <= 0) {
      hull.remove(hull.size() - 1);
    }
    return hull;
  }

  private static double slope(StoppingPass.Solution from, StoppingPass.Solution to) {
    return (to.value() - from.value()) / (to.cost() - from.cost());
  }
}
