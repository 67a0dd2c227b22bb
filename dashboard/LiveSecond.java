package io.boostnet.jobs.dashboard;

/**
 * What arrived within one second. Immutable; the arrays are not to be changed.
 *
 * @param second seconds since the Unix epoch
 * @param offered frames published; null where that is not known
 * @param deadLetters dead letters
 * @param decided what was decided; null where nothing was
 * @param control the last control event up to the end of the second; null before the first
 */
record LiveSecond(
    long second, Long offered, long deadLetters, Decided decided, ControlView control) {

  /**
   * The predictions of a second.
   *
   * @param count predictions, at least 1
   * @param waitedP50Ms median time from a frame's timestamp to its decision, in milliseconds
   * @param waitedP99Ms 99th percentile of the same
   * @param meanCost mean compute per frame, as a share of the full network's
   * @param exits predictions at each exit, summing to {@code count}
   * @param forced predictions whose exit was forced
   * @param labelled predictions whose true class is known
   * @param right predictions among those that name it
   */
  record Decided(
      long count,
      long waitedP50Ms,
      long waitedP99Ms,
      double meanCost,
      long[] exits,
      long forced,
      long labelled,
      long right) {}
}
