package io.boostnet.jobs.accounts;

/**
 * The balance of a deployment's topics.
 *
 * @param published records on the topic of frames
 * @param predictions committed predictions
 * @param deadLetters committed dead letters
 * @param missing records without an outcome
 * @param doubled outcomes beyond one for each record
 * @param uncommitted whether records of open transactions stand behind what was read
 * @param longestPauseSeconds longest time between two decisions that follow each other
 */
public record AccountsReport(
    int published,
    int predictions,
    int deadLetters,
    int missing,
    int doubled,
    boolean uncommitted,
    double longestPauseSeconds) {

  /** Whether every record has exactly one outcome, and no more can come. */
  public boolean isBalanced() {
    return missing == 0 && doubled == 0 && !uncommitted;
  }
}
