package io.boostnet.flink.budget;

import org.apache.flink.annotation.Internal;

/**
 * Token bucket on "continue" at one stage of one subtask; {@link Quotas} says what it guarantees.
 *
 * <p>Every image that reaches the stage adds its share of a token, up to the depth; every image
 * that continues takes one. A bucket starts empty, after a restart as well, so that a restart
 * cannot be used to spend more; nothing of it needs to be in a checkpoint. Tokens are counted in
 * billionths, shares are rounded down to them, so that nothing is gained by rounding. For one
 * thread.
 *
 * <p>While the bucket is less than a quarter full the threshold is lowered by up to a tenth, so
 * that the images forced to leave are those nearest to leaving anyway, not those that come when it
 * is empty.
 *
 * <p>While images come that a floor lets go on ({@link Weighting#KEPT}), the last one within
 * {@value #KEPT_DEPTHS} depths of images, a quarter of the depth is kept for them: from the first
 * on at least as many of them continue as if they alone drew on a bucket of that size, whatever
 * others want (trunk reservation, as telephone networks call it). For the others the bucket then
 * ends at that quarter, and the threshold is lowered over the one above it. Nothing is kept back
 * where every image may continue.
 */
@Internal
public final class Quota {

  private static final long TOKEN = 1_000_000_000;

  /** What a threshold is multiplied with when the bucket is empty; 1 from a quarter full on. */
  private static final double LOWEST = 0.9;

  private static final double RISE = 4 * (1 - LOWEST);

  private static final int KEPT_DEPTHS = 8;

  private final int stage;
  private long share;
  private long depth;
  private long tokens;
  private long spare;
  private long earned;
  private long wanted;
  private long keptWanted;
  private long keepingFor; // images to come

  /**
   * An empty bucket.
   *
   * @param quotas shares and depth
   * @param stage 1 .. exits - 1
   */
  public Quota(Quotas quotas, int stage) {
    this.stage = stage;
    share = share(quotas);
    depth = quotas.depth() * TOKEN;
  }

  /**
   * Takes over other shares and another depth from the next image on. Tokens stay; where the share
   * rises, its part of the depth is added, so that what the new budget allows need not be earned
   * first, image by image.
   */
  public void change(Quotas quotas) {
    long before = share;
    share = share(quotas);
    depth = quotas.depth() * TOKEN;
    tokens = Math.min(depth, tokens + Math.max(0, share - before) * quotas.depth());
  }

  private long share(Quotas quotas) {
    return (long) (quotas.at(stage) * TOKEN);
  }

  /**
   * Decides for the next image that reached the stage. To be called for every one of them.
   *
   * @param confidence its confidence at the stage's exit, as it counts ({@link Weighting})
   * @param threshold the threshold of that exit
   * @return whether it continues: it is not confident enough to leave, and the quota allows it
   */
  public boolean continues(float confidence, double threshold) {
    earn();
    boolean kept = confidence == Weighting.KEPT;
    keepingFor = kept ? KEPT_DEPTHS * depth : Math.max(0, keepingFor - TOKEN);
    double rationed = threshold * Math.min(1, LOWEST + RISE * forOthers() / depth);
    keptWanted += kept ? TOKEN : 0;
    wanted += kept || confidence < threshold ? TOKEN : 0;
    if (kept ? tokens >= TOKEN : confidence < rationed && forOthers() >= TOKEN) {
      tokens -= TOKEN;
      return true;
    }
    return false;
  }

  /** Tokens beyond those that are kept for floors. */
  private long forOthers() {
    return keepingFor == 0 || share == TOKEN ? tokens : Math.max(0, tokens - depth / 4);
  }

  private void earn() {
    earned += share;
    long room = Math.max(0, depth - tokens);
    tokens += Math.min(room, share);
    spare += Math.max(0, share - room);
  }

  /**
   * Lets the image just decided on, which leaves, continue after all, if the quota allows it.
   *
   * @return whether it may
   */
  public boolean spares() {
    if (forOthers() < TOKEN) {
      return false;
    }
    wanted += TOKEN;
    tokens -= TOKEN;
    return true;
  }

  /**
   * Adds tokens that other subtasks could not use; what is left of them is lost at {@link #use}.
   */
  public void grant(double granted) {
    tokens += (long) (granted * TOKEN);
  }

  /** What it could spare or would have needed since the last call. */
  public QuotaUse use() {
    tokens = Math.min(tokens, depth);
    long lack = share == TOKEN ? 0 : Math.max(0, wanted - earned) + Math.max(0, depth / 2 - tokens);
    long owed =
        keptWanted == 0 ? 0 : Math.max(0, keptWanted - earned) + Math.max(0, depth / 4 - tokens);
    QuotaUse use =
        new QuotaUse(
            share == TOKEN ? 0 : (double) spare / TOKEN,
            (double) lack / TOKEN,
            (double) Math.min(lack, owed) / TOKEN);
    keptWanted = 0;
    spare = 0;
    earned = 0;
    wanted = 0;
    return use;
  }
}
