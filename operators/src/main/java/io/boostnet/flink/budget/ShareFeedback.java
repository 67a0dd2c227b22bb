package io.boostnet.flink.budget;

import io.boostnet.flink.exit.Thresholds;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Holds the mean cost by holding the exit shares that the frontier plans for it.
 *
 * <p>The frontier gives the share of images to leave at each exit for a budget B; of those that
 * reach exit k, that is a share h_k, and the images of the evidence that reach it under that plan
 * have confidences of which tau_k is the quantile. Images of the stream have others. So two fading
 * histograms are kept per exit, of the confidences that were seen there and of those that the
 * evidence let expect there under the plans of that time, of as many images, and
 *
 * <pre>
 *   T_k = the confidence that as many of the seen have at least as of the expected have tau_k
 * </pre>
 *
 * While the plan stays, that is the quantile h_k of what was seen: whatever drift does to the
 * confidences, as long as it keeps their order the same images leave at the same exits and accuracy
 * falls no further than it must; no calibration is needed for the cost. When the budget moves, the
 * thresholds are at their new places at once, though other images will now reach the exits than
 * those seen there: the expected ones were as much others.
 *
 * <p>Both fade with a time constant of {@value #MEMORY_SECONDS} s, or of {@value #MEMORY_IMAGES}
 * images where that is longer. An exit that has seen fewer than {@value #FEWEST_IMAGES} images is
 * filled up with those of the evidence. Thresholds stay while every exit is within {@value
 * #TOLERANCE} of its share.
 *
 * <p>What is left (noise, images that all look alike, those that are others than the exit before
 * let expect) is seen in how many images left an exit beyond the plan so far, those not counted
 * that quotas forced out. As many fewer are to leave there within {@value #PAY_BACK_SECONDS} s, or
 * {@value #PAY_BACK_IMAGES} images where that is longer:
 *
 * <pre>
 *   share to leave = h_k - left beyond the plan / images in that time,   within 0 .. 1
 * </pre>
 *
 * Another plan starts with nothing to pay back: after a load in which quotas forced images out, a
 * slow camera's would have left at the first exit until they had paid for that.
 *
 * <p>Images that a floor keeps ({@link Weighting}) go on at any threshold. The plan gives room to
 * them first ({@link Floors}), and the others are compared with what was expected of these: shares
 * to leave, and the images to pay back in, are those of the others.
 *
 * <p>The alternative, moving along the frontier until the measured cost is right (the price of
 * compute as dual variable), settles as fast, but keeps the calibrated thresholds' relation to each
 * other, which drift need not keep.
 */
final class ShareFeedback implements Serializable {

  private static final long serialVersionUID = 1;

  private static final double MEMORY_SECONDS = 1;
  private static final double MEMORY_IMAGES = 500;

  /** Fewer images than this say too little of an exit. */
  private static final double FEWEST_IMAGES = 50;

  private static final double TOLERANCE = 0.004;
  private static final double PAY_BACK_SECONDS = 5;
  private static final double PAY_BACK_IMAGES = 50;

  private final Frontier frontier;

  ShareFeedback(Frontier frontier) {
    this.frontier = frontier;
  }

  /** Settings for a budget before anything was measured: those of the calibration evidence. */
  ControlState start(double budget) {
    return ControlState.first(
        Thresholds.of(1, frontier.at(budget).thresholds().toArray()),
        frontier.quotasFor(budget),
        budget,
        ControlMemory.Shares.empty(frontier.cost().exits(), aim(budget)));
  }

  /** Takes a window into the memory. */
  ControlMemory.Shares remember(ExitWindow window, ControlMemory.Shares memory) {
    ExitPlan plan = plan(memory.planned(), memory);
    List<ConfidenceHistogram> seen = new ArrayList<>();
    List<ConfidenceHistogram> expected = new ArrayList<>();
    double[] ahead = memory.ahead();
    double fading =
        Math.exp(
            -window.images() / Math.max(MEMORY_IMAGES, window.servedPerSecond() * MEMORY_SECONDS));
    for (int i = 0; i < ahead.length; i++) {
      ConfidenceHistogram now = window.leaving().confidences().get(i);
      ConfidenceHistogram planned = plan.confidences().get(i).scaledTo(now.others().total());
      boolean counts = planned.total() > 0 || now.kept().total() > 0;
      ConfidenceHistogram known = counts ? now : planned;
      seen.add(memory.seen().get(i).scaledPlus(fading, known));
      ConfidenceHistogram usual = planned.total() > 0 ? planned : known.others();
      expected.add(memory.expected().get(i).scaledPlus(fading, usual));
      double most = payBackImages(window, i, seen.get(i));
      ahead[i] = Math.max(-most, Math.min(most, ahead[i] + leftBeyond(plan, window, i)));
    }
    return new ControlMemory.Shares(seen, expected, memory.planned(), ahead);
  }

  /**
   * Images that left at an exit for their confidence, beyond the plan. Images kept do not: where
   * floors ask for more than the plan has room for, all others are to leave, and no more.
   */
  private static double leftBeyond(ExitPlan plan, ExitWindow window, int exit) {
    ConfidenceHistogram reached = window.leaving().confidences().get(exit);
    double left = window.leftByConfidence(exit + 1);
    double most = Math.max(left, reached.others().total());
    return left - Math.min(most, plan.leaving()[exit] * reached.total());
  }

  /**
   * Settings that hold a budget.
   *
   * @param window the window just taken into the memory
   * @param shares that memory
   * @param current settings in force
   * @param memory what the policy is to remember with it
   */
  Adjustment toward(
      double budget,
      ExitWindow window,
      ControlMemory.Shares shares,
      ControlState current,
      Function<ControlMemory.Shares, ControlMemory> memory) {
    double planned = aim(budget);
    ControlMemory.Shares planning = shares.planning(planned);
    ControlState remembering = current.withMemory(memory.apply(planning));
    ExitPlan plan = plan(planned, shares);
    double[] values = current.thresholds().toArray();
    double furthest = 0;
    for (int i = 0; i < plan.leaving().length; i++) {
      double payBack = planning.ahead()[i] / payBackImages(window, i, shares.seen().get(i));
      furthest = Math.max(furthest, follow(plan, shares, i, payBack, values));
    }
    if (budget == current.budget() && furthest <= TOLERANCE) {
      return Adjustment.hold(
          remembering, "the exit shares are within %.1f %% of the plan".formatted(100 * TOLERANCE));
    }
    return Adjustment.change(
        new ControlState(
            Thresholds.of(current.thresholds().version() + 1, values),
            frontier.quotasFor(budget, Floors.in(shares.seen())),
            current.reserveNanos(),
            budget,
            remembering.memory()),
        budget == current.budget()
            ? "an exit's share was %.1f %% off the plan".formatted(100 * furthest)
            : "the budget moved from %.3f to %.3f".formatted(current.budget(), budget));
  }

  /** Moves the threshold of an exit, and tells how far off its share was. */
  private static double follow(
      ExitPlan plan, ControlMemory.Shares shares, int exit, double payBack, double[] values) {
    ConfidenceHistogram evidence = plan.confidences().get(exit);
    ConfidenceHistogram others = shares.seen().get(exit).others();
    double leavingOfOthers = leavingOfOthers(plan.leaving()[exit], shares.seen().get(exit));
    double lacking = Math.max(1, FEWEST_IMAGES - others.total());
    ConfidenceHistogram filling = evidence.scaledTo(lacking);
    ConfidenceHistogram seen = others.plus(filling);
    ConfidenceHistogram expected = shares.expected().get(exit).plus(filling);
    double planned =
        evidence.total() == 0 ? 1 : expected.shareFrom(evidence.thresholdFor(leavingOfOthers));
    double leaving = Math.max(0, Math.min(1, planned - payBack));
    double off = Math.abs(seen.shareFrom(values[exit]) - leaving);
    values[exit] = seen.thresholdFor(leaving);
    return off;
  }

  /** Of the images that no floor keeps, so many leave that it is the planned share of all. */
  private static double leavingOfOthers(double leaving, ConfidenceHistogram seen) {
    double others = shareOfOthers(seen);
    return others == 0 ? 1 : Math.min(1, leaving / others);
  }

  private static double shareOfOthers(ConfidenceHistogram seen) {
    return seen.kept().total() == 0 ? 1 : seen.others().total() / seen.total();
  }

  private ExitPlan plan(double planned, ControlMemory.Shares memory) {
    ExitPlan plan = frontier.planAt(planned);
    double[] shares = Floors.in(memory.seen()).shares(planned, frontier.cost(), frontier::sharesAt);
    return new ExitPlan(Quotas.leavingShares(shares), plan.confidences());
  }

  /** Images that no floor keeps, in the time to pay back in: thresholds move no others. */
  private static double payBackImages(ExitWindow window, int exit, ConfidenceHistogram seen) {
    double perSecond = window.ran(exit + 1) * 1000.0 / window.spanMs();
    return Math.max(PAY_BACK_IMAGES, perSecond * shareOfOthers(seen) * PAY_BACK_SECONDS);
  }

  private double aim(double budget) {
    return Math.max(frontier.leastCost(), Math.min(budget, frontier.mostCost()));
  }
}
