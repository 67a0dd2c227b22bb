package io.boostnet.jobs.trial;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a trial with an autoscaler came to. Times are in seconds since the first frame was due.
 *
 * @param bundle the network
 * @param budget the keep-up budget
 * @param capacity frames per second of one slot at target quality, its thread always busy
 * @param autoscaler options of the autoscaler
 * @param missing frames without an outcome
 * @param doubled outcomes beyond the first of a frame
 * @param rows the run, part by part
 * @param verdict what it shows
 * @param scalings decisions of the autoscaler
 * @param slots slots in use, 0 while the job was being restarted
 * @param budgets budget in force
 * @param utilization of the vertex with the source and the stages, over the autoscaler's window
 * @param trueRate frames per second that the autoscaler takes it to be able to do
 * @param targetRate frames per second that the autoscaler sees come
 */
record AutoscalingReport(
    String bundle,
    String budget,
    double capacity,
    Map<String, String> autoscaler,
    long missing,
    long doubled,
    List<Row> rows,
    Verdict verdict,
    List<Scaling> scalings,
    Course slots,
    Course budgets,
    Course utilization,
    Course trueRate,
    Course targetRate) {

  /** A budget this close to the target is at it. */
  static final double AT_TARGET = 0.99;

  /** A budget that stays this close is back at the target: single windows may be short of it. */
  static final double BACK = 0.95;

  /** How long before a decision to scale in the budget must have been at the target. */
  private static final double BEFORE_SCALING_IN = 10;

  private static final double LOWERED_WITHIN = 5;
  private static final double BACKLOG_BOUND = 2;
  private static final double DRAINED_WITHIN = 60;

  /** What was decided in this time before a restart is decided again: a checkpoint and a bit. */
  private static final double REPEATED_SECONDS = 4;

  private static final double DRAINED = 1;

  /** Least time at target quality, at the end of the large load, that counts as returned. */
  private static final double RETURNED_FOR = 15;

  /**
   * A decision of the autoscaler.
   *
   * @param at when
   * @param before slots before it
   * @param after slots after it
   * @param budget the least budget in force in the 10 s before it
   */
  record Scaling(double at, int before, int after, double budget) {}

  /**
   * A part of the run.
   *
   * @param name what happened
   * @param from its start
   * @param until its end
   * @param rate frames per second offered
   * @param meanCost mean cost of its frames, as a share of the full network's
   * @param accuracy share of them that were classified right
   * @param waitedP99 99th percentile of the time from due to decided, in seconds
   * @param waitedMax the longest
   */
  record Row(
      String name,
      double from,
      double until,
      double rate,
      double meanCost,
      double accuracy,
      double waitedP99,
      double waitedMax) {}

  /**
   * What the run shows. Times are infinite for what did not happen.
   *
   * @param loweredAfter seconds from the load's rise to a budget below the target; NaN where it was
   *     there before
   * @param waitedMax longest time from due to decided from the rise until slots were added, in
   *     seconds
   * @param raisedAfter seconds from the load's rise to the decision to scale out
   * @param drainedAfter seconds from that until no frame waits longer than a second, the restart
   *     included
   * @param returnedAfter seconds from that decision to a budget that stays at the target
   * @param scaledInAfter seconds from the load's fall to the decision to scale in
   * @param budgetBeforeFewer least budget in the 10 s before any decision for fewer slots
   * @param fewerUndecided whether slots became fewer without a decision
   * @param passed whether all is as it should be
   */
  record Verdict(
      double loweredAfter,
      double waitedMax,
      double raisedAfter,
      double drainedAfter,
      double returnedAfter,
      double scaledInAfter,
      double budgetBeforeFewer,
      boolean fewerUndecided,
      boolean passed) {}

  /**
   * What happened when.
   *
   * @param rise when the load rose
   * @param fall when it fell
   * @param end when it ended
   * @param target the budget's target
   */
  record Times(double rise, double fall, double end, double target) {}

  /** A decision, with the budget before it. */
  static Scaling scaling(double at, int before, int after, Course budgets) {
    return new Scaling(at, before, after, budgets.least(at - BEFORE_SCALING_IN, at));
  }

  /**
   * Judges a run.
   *
   * @param waits longest time from due to decided, for each second in which frames were due; those
   *     decided after the last checkpoint before a restart were decided again after it
   * @param complete whether every frame has one outcome
   */
  static Verdict judge(
      Times times,
      List<Scaling> scalings,
      Course slots,
      Course budgets,
      Course waits,
      boolean complete) {
    double atTarget = AT_TARGET * times.target();
    double lowered =
        budgets.at(times.rise()) >= atTarget
            ? budgets.firstBelow(atTarget, times.rise()) - times.rise()
            : Double.NaN;
    double out = first(scalings, times.rise(), true);
    double added = Math.min(out, times.fall()) - REPEATED_SECONDS;
    double waitedMax = waits.most(times.rise(), added);
    double drained = waits.staysTo(DRAINED, added, times.fall()) - out;
    double returned = budgets.staysFrom(BACK * times.target(), out, times.fall());
    double in = first(scalings, times.fall(), false);
    double budgetBeforeFewer =
        scalings.stream()
            .filter(scaling -> scaling.after() < scaling.before())
            .mapToDouble(Scaling::budget)
            .min()
            .orElse(Double.POSITIVE_INFINITY);
    boolean fewerUndecided = fewerUndecided(scalings, slots);
    return new Verdict(
        lowered,
        waitedMax,
        out - times.rise(),
        drained,
        returned - out,
        in - times.fall(),
        budgetBeforeFewer,
        fewerUndecided,
        lowered <= LOWERED_WITHIN
            && waitedMax <= BACKLOG_BOUND
            && drained <= DRAINED_WITHIN
            && returned + RETURNED_FOR <= times.fall()
            && in <= times.end()
            && budgetBeforeFewer >= atTarget
            && !fewerUndecided
            && complete);
  }

  private static double first(List<Scaling> scalings, double from, boolean out) {
    return scalings.stream()
        .filter(scaling -> scaling.at() >= from && (scaling.after() > scaling.before()) == out)
        .mapToDouble(Scaling::at)
        .findFirst()
        .orElse(Double.POSITIVE_INFINITY);
  }

  /** A restart, seen as no slots in use, is not fewer slots: what comes after it counts. */
  private static boolean fewerUndecided(List<Scaling> scalings, Course slots) {
    List<Course.Step> running = new ArrayList<>(slots.steps());
    running.removeIf(step -> step.value() == 0);
    for (int i = 1; i < running.size(); i++) {
      double since = running.get(i - 1).at();
      double at = running.get(i).at();
      if (running.get(i).value() < running.get(i - 1).value()
          && scalings.stream()
              .noneMatch(s -> s.after() < s.before() && s.at() >= since && s.at() <= at)) {
        return true;
      }
    }
    return false;
  }
}
