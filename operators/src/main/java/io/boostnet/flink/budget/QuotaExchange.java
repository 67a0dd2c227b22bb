package io.boostnet.flink.budget;

import java.util.Arrays;
import java.util.List;
import org.apache.flink.annotation.Internal;

/**
 * Gives what some subtasks spare to those that lack it, so that the quotas bind the pipeline and
 * not each subtask by itself: a subtask whose images are hard continues with what the easy images
 * of another have saved. {@link Quotas} says what is still guaranteed.
 *
 * <p>Nothing is kept: what nobody lacks is lost, so that a long easy time cannot be spent at once.
 */
@Internal
public final class QuotaExchange {

  private QuotaExchange() {}

  /** The use of a subtask that may be lent to for floors alone. */
  public static QuotaUse[] sparing(QuotaUse[] use) {
    return Arrays.stream(use)
        .map(u -> new QuotaUse(u.spare(), u.owed(), u.owed()))
        .toArray(QuotaUse[]::new);
  }

  /**
   * Tokens for each subtask, and there for each stage but the last.
   *
   * @param uses what each subtask spared and lacks, of the same stages
   * @param depth depth of their buckets: at most half of each is lent at once
   * @return as many as they lack, or their part of what was spared where that is less
   */
  public static double[][] grants(List<QuotaUse[]> uses, int depth) {
    double[][] grants = new double[uses.size()][];
    Arrays.setAll(grants, subtask -> new double[uses.get(subtask).length]);
    int stages = uses.isEmpty() ? 0 : uses.get(0).length;
    for (int i = 0; i < stages; i++) {
      int stage = i;
      double most = uses.size() * depth / 2.0;
      double spare = Math.min(most, uses.stream().mapToDouble(use -> use[stage].spare()).sum());
      double lack = uses.stream().mapToDouble(use -> use[stage].lack()).sum();
      double part = lack > 0 ? Math.min(1, spare / lack) : 0;
      for (int subtask = 0; subtask < grants.length; subtask++) {
        grants[subtask][stage] = part * uses.get(subtask)[stage].lack();
      }
    }
    return grants;
  }
}
