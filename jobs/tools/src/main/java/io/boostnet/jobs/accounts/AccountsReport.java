package io.boostnet.jobs.accounts;

/**
 * The balance of a deployment's topics.
 *
 * @param published records on the topic of frames when the reading began
 * @param predictions committed predictions of them
 * @param deadLetters committed dead letters of them
 * @param missing records without an outcome
 * @param doubled outcomes beyond one for each record
 * @param unreadable records on the topics of outcomes that are no outcomes
 * @param uncommitted whether records of open transactions stand behind what was read
 * @param longestPauseSeconds longest time between two decisions that follow each other
 */
public record AccountsReport(
    int published,
    int predictions,
    int deadLetters,
    int missing,
    int doubled,
    int unreadable,
    boolean uncommitted,
    double longestPauseSeconds) {

  /** Whether every record has exactly one outcome, and no more can come. */
  public boolean isBalanced() {
    return missing == 0 && doubled == 0 && unreadable == 0 && !uncommitted;
  }
}
