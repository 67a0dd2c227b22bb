package io.boostnet.flink.budget;

import io.boostnet.flink.exit.Thresholds;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * Holds the mean cost by holding the exit shares that the frontier plans for it.
 *
 * <p>The frontier gives the share of images to leave at each exit for a budget B; of those that
 * reach exit k, that is a share h_k. The threshold of exit k is then the quantile of the
 * confidences seen there lately:
 *
 * <pre>
 *   T_k = the confidence that a share h_k of the images reaching exit k has at least
 * </pre>
 *
 * Whatever drift does to the confidences, as long as it keeps their order the same images leave at
 * the same exits and accuracy falls no further than it must; no calibration is needed for the cost.
 * The confidences fade with a time constant of {@value #MEMORY_SECONDS} s, or of {@value
 * #MEMORY_IMAGES} images where that is longer. Thresholds stay while every exit is within {@value
 * #TOLERANCE} of its share.
 *
 * <p>What is left (noise, the change of one exit's images by the threshold before) is seen in the
 * balance, the cost spent beyond the aim so far, and paid back within {@value #PAY_BACK_SECONDS} s
 * by planning for {@code aim - balance / images in that time}. A balance that would take the plan
 * more than {@value #MOST_DOWN} below the aim or {@value #MOST_UP} above it is forgotten. The
 * quotas ({@link Frontier#quotasFor}) leave room for that.
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
  private static final double FEWEST_IMAGES = 100;

  private static final double TOLERANCE = 0.004;
  private static final double PAY_BACK_SECONDS = 5;
  private static final double MOST_DOWN = 0.05;
  private static final double MOST_UP = 0.04;

  private final Frontier frontier;

  ShareFeedback(Frontier frontier) {
    this.frontier = frontier;
  }

  /** Settings for a budget before anything was measured: those of the calibration evidence. */
  ControlState start(double budget) {
    return ControlState.first(
        Thresholds.of(1, frontier.at(budget).thresholds().toArray()),
        quotas(budget),
        budget,
        ControlMemory.Shares.empty(frontier.cost().exits()));
  }

  /**
   * Takes a window into the memory.
   *
   * @param budget that was in force
   */
  ControlMemory.Shares remember(ExitWindow window, ControlMemory.Shares memory, double budget) {
    double fading =
        Math.exp(
            -window.images() / Math.max(MEMORY_IMAGES, window.servedPerSecond() * MEMORY_SECONDS));
    List<ConfidenceHistogram> seen = window.leaving().confidences();
    List<ConfidenceHistogram> confidences = new ArrayList<>();
    for (int i = 0; i < seen.size(); i++) {
      confidences.add(memory.confidences().get(i).scaledPlus(fading, seen.get(i)));
    }
    double aim = aim(budget);
    double balance =
        memory.balance() + window.exits().cost(frontier.cost()) - aim * window.images();
    if (window.images() > 0) {
      double payable = aim * payBackImages(window);
      balance = Math.max(-MOST_UP * payable, Math.min(MOST_DOWN * payable, balance));
    }
    return new ControlMemory.Shares(confidences, balance);
  }

  /**
   * Settings that hold a budget.
   *
   * @param window the window just taken into the memory
   * @param memory that memory
   * @param current settings in force, to go on from
   */
  Adjustment toward(
      double budget, ExitWindow window, ControlMemory.Shares memory, ControlState current) {
    double paying = aim(budget) - memory.balance() / payBackImages(window);
    double[] leaving = Quotas.leavingShares(frontier.sharesAt(paying));
    List<ConfidenceHistogram> seen = memory.confidences();
    Quotas quotas = quotas(budget);
    double[] values = current.thresholds().toArray();
    double[] planned = null;
    double furthest = 0;
    for (int i = 0; i < leaving.length; i++) {
      if (seen.get(i).total() >= FEWEST_IMAGES) {
        furthest = Math.max(furthest, Math.abs(seen.get(i).shareFrom(values[i]) - leaving[i]));
        values[i] = seen.get(i).thresholdFor(leaving[i]);
      } else if (budget != current.budget()) {
        planned = planned == null ? frontier.at(budget).thresholds().toArray() : planned;
        values[i] = planned[i];
      }
    }
    if (budget == current.budget() && furthest <= TOLERANCE) {
      return Adjustment.hold(
          current, "the exit shares are within %.1f %% of the plan".formatted(100 * TOLERANCE));
    }
    return Adjustment.change(
        new ControlState(
            Thresholds.of(current.thresholds().version() + 1, values),
            quotas,
            current.reserveNanos(),
            budget,
            current.memory()),
        budget == current.budget()
            ? "an exit's share was %.1f %% off the plan".formatted(100 * furthest)
            : "the budget moved from %.3f to %.3f".formatted(current.budget(), budget));
  }

  private static double payBackImages(ExitWindow window) {
    return Math.max(MEMORY_IMAGES, window.servedPerSecond() * PAY_BACK_SECONDS);
  }

  private double aim(double budget) {
    return Math.max(frontier.leastCost(), Math.min(budget, frontier.mostCost()));
  }

  private Quotas quotas(double budget) {
    return frontier.quotasFor(budget);
  }
}
