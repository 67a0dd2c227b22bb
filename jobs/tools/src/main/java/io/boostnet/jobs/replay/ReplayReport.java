package io.boostnet.jobs.replay;

import java.util.List;

/**
 * What a replay found. Costs are shares of the full network's, accuracies and shares 0..1.
 *
 * @param name what the evidence is of
 * @param judgedOn where the test images come from
 * @param calibrationImages images that thresholds were solved on
 * @param testImages images that they were judged on
 * @param cost cumulative cost of each exit
 * @param seed of the random numbers
 * @param solveSeconds how long solving took
 * @param firstExit accuracy if all test images leave at the first exit
 * @param neverExit accuracy if all leave at the last
 * @param frontier solvers at equal mean cost
 * @param splits solvers on other random splits of the same images; empty where not asked for
 * @param capacityPerSecond images per second that the scenarios' rates are shares of
 * @param runs a run for every budget and scenario
 */
record ReplayReport(
    String name,
    String judgedOn,
    int calibrationImages,
    int testImages,
    double[] cost,
    long seed,
    double solveSeconds,
    double firstExit,
    double neverExit,
    Frontier frontier,
    List<Frontier> splits,
    double capacityPerSecond,
    List<Run> runs) {

  /** The same with runs. */
  ReplayReport with(List<Run> newRuns) {
    return new ReplayReport(
        name,
        judgedOn,
        calibrationImages,
        testImages,
        cost,
        seed,
        solveSeconds,
        firstExit,
        neverExit,
        frontier,
        splits,
        capacityPerSecond,
        newRuns);
  }

  /**
   * Solvers at equal mean cost.
   *
   * @param calibrationImages images that thresholds were solved on
   * @param seed of the split
   * @param rows a row for every budget, rising
   * @param meanOverPublished mean of ours less the published search
   * @param worstOverPublished least of it
   * @param meanUnderOracle mean of the oracle less ours
   * @param meanUnderCrossFitted mean of the cross-fitted oracle less ours
   * @param oursLostByMore the most accuracy that ours loses by a larger budget
   * @param publishedLostByMore the same of the published search
   */
  record Frontier(
      int calibrationImages,
      long seed,
      List<FrontierRow> rows,
      double meanOverPublished,
      double worstOverPublished,
      double meanUnderOracle,
      double meanUnderCrossFitted,
      double oursLostByMore,
      double publishedLostByMore) {}

  /**
   * Accuracies at a mean cost.
   *
   * @param budget the mean cost
   * @param published of the published search
   * @param ours of optimal stopping
   * @param oracle of thresholds that know the test labels
   * @param crossFitted of thresholds that know all labels but those of the images they are judged
   *     on
   */
  record FrontierRow(
      double budget, double published, double ours, double oracle, double crossFitted) {}

  /**
   * A budget in a scenario, under every policy.
   *
   * @param budget the budget, as it is given on the command line
   * @param scenario name of the scenario
   * @param description what happens in it
   * @param from when its event begins, in seconds since the start
   * @param until when its event ends
   * @param seconds when it ends
   * @param rows a row for every policy
   * @param runBound mean cost that no 5,000 consecutive images exceed under our quotas; null where
   *     the budget has no fixed quotas
   * @param reaction how our controller met the event; null where it does not follow the rate, or
   *     the event is no step in it
   */
  record Run(
      String budget,
      String scenario,
      String description,
      double from,
      double until,
      double seconds,
      List<Row> rows,
      Double runBound,
      Reaction reaction) {}

  /**
   * A policy in a scenario, the mean of the seeds.
   *
   * @param policy its name
   * @param before up to the event; null where it begins at once
   * @param onset the first 2 s of the event
   * @param event the event
   * @param after from its end on; null where it lasts
   * @param whole all of it
   * @param dearestRun largest mean cost of 5,000 consecutive images; null where fewer left, and of
   *     the oracle
   * @param series the course of the first seed, a point a second; empty for the oracle
   */
  record Row(
      String policy,
      Phase before,
      Phase onset,
      Phase event,
      Phase after,
      Phase whole,
      Double dearestRun,
      List<Point> series) {}

  /**
   * A stretch of time.
   *
   * @param images images that left
   * @param meanCost mean cost of an image
   * @param accuracy share of images predicted right
   * @param oracleAccuracy what thresholds that know the labels reach at this mean cost
   * @param forcedShare share of images that left by force; null for the oracle
   * @param backlogP99Seconds 99th percentile of the backlog's age; null for the oracle
   * @param backlogMaxSeconds largest age of the backlog; null for the oracle
   */
  record Phase(
      double images,
      double meanCost,
      double accuracy,
      double oracleAccuracy,
      Double forcedShare,
      Double backlogP99Seconds,
      Double backlogMaxSeconds) {}

  /**
   * A second.
   *
   * @param seconds its end, since the start
   * @param offeredPerSecond images that should arrive
   * @param servedPerSecond images that left
   * @param backlogSeconds age of the oldest image waiting
   * @param budget mean cost aimed at; null where the policy has none
   * @param meanCost mean cost of the images that left; null where none did
   * @param accuracy share of them predicted right; null where none left
   */
  record Point(
      double seconds,
      double offeredPerSecond,
      double servedPerSecond,
      double backlogSeconds,
      Double budget,
      Double meanCost,
      Double accuracy) {}

  /**
   * How a controller that follows the rate met an event.
   *
   * @param level mean budget in the second half of the event, as far as it can be spent
   * @param settledSeconds time from its begin until the budget stays within 10 % of that to its
   *     end, the longest of the seeds
   * @param restoredSeconds time from its end until the budget is the target again, the longest of
   *     the seeds; null where that does not happen
   */
  record Reaction(double level, double settledSeconds, Double restoredSeconds) {}
}
