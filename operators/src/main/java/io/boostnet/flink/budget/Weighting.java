package io.boostnet.flink.budget;

import io.boostnet.flink.exit.Thresholds;
import java.io.Serializable;
import org.apache.flink.annotation.Internal;

/**
 * With which confidence an image counts at an exit whose source matters more, or less, than others.
 * Immutable.
 *
 * <p>The odds that it is wrong count as many times as its source's weight w:
 *
 * <pre>
 *   counted = c / (c + w (1 - c))
 * </pre>
 *
 * What the next stages can mend is, near a threshold, about in proportion to these odds. So an
 * image leaves as if the price of compute were 1 / w of what it is, which is what maximises the
 * accuracy weighted by w less price times cost. All that goes by confidence goes by the one that
 * counts: thresholds, histograms, the feedback, quotas. So one price holds for all sources, and
 * weights move who gets the compute, never how much is spent.
 *
 * <p>A floor is the thresholds of a budget: an image that would go on under it counts as {@link
 * #KEPT}, and goes on as long as there is any token ({@link Quota}).
 *
 * @param weight above 0
 * @param floor thresholds of the least budget; null for none
 */
@Internal
public record Weighting(double weight, Thresholds floor) implements Serializable {

  /** Confidence as which an image counts that its floor lets go on. */
  public static final float KEPT = 0;

  /** Of a source that no priority names. */
  public static final Weighting USUAL = new Weighting(1, null);

  private static final long serialVersionUID = 1;

  /**
   * The confidence that counts, at least {@link ConfidenceHistogram#ABOVE_KEPT} or {@link #KEPT}.
   *
   * @param exit 1 .. exits
   * @param confidence the image's own there, 0..1
   */
  public float counted(int exit, float confidence) {
    if (floor != null && !floor.leaves(exit, confidence)) {
      return KEPT;
    }
    double counted =
        weight == 1 ? confidence : confidence / (confidence + weight * (1 - confidence));
    return (float) Math.max(ConfidenceHistogram.ABOVE_KEPT, counted);
  }
}
