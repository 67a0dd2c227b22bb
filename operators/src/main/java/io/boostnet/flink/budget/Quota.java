package io.boostnet.flink.budget;

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
 */
public final class Quota {

  private static final long TOKEN = 1_000_000_000;

  /** What a threshold is multiplied with when the bucket is empty; 1 from a quarter full on. */
  private static final double LOWEST = 0.9;

  private static final double RISE = 4 * (1 - LOWEST);

  private final int stage;
  private long share;
  private long depth;
  private long tokens;

  /**
   * An empty bucket.
   *
   * @param quotas shares and depth
   * @param stage 1 .. exits - 1
   */
  public Quota(Quotas quotas, int stage) {
    this.stage = stage;
    change(quotas);
  }

  /** Takes over other shares and another depth from the next image on; tokens stay. */
  public void change(Quotas quotas) {
    share = (long) (quotas.at(stage) * TOKEN);
    depth = quotas.depth() * TOKEN;
    tokens = Math.min(tokens, depth);
  }

  /**
   * Decides for the next image that reached the stage. To be called for every one of them.
   *
   * @param confidence its confidence at the stage's exit
   * @param threshold the threshold of that exit
   * @return whether it continues: it is not confident enough to leave, and the quota allows it
   */
  public boolean continues(float confidence, double threshold) {
    tokens = Math.min(depth, tokens + share);
    double rationed = threshold * Math.min(1, LOWEST + RISE * tokens / depth);
    if (confidence < rationed && tokens >= TOKEN) {
      tokens -= TOKEN;
      return true;
    }
    return false;
  }

  /**
   * Lets the image just decided on, which leaves, continue after all, if the quota allows it.
   *
   * @return whether it may
   */
  public boolean spares() {
    if (tokens < TOKEN) {
      return false;
    }
    tokens -= TOKEN;
    return true;
  }
}
