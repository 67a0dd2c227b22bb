package io.boostnet.flink.budget;

import io.boostnet.flink.budget.SimulatedPipeline.Step;
import io.boostnet.flink.exit.Calibration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Prints what the controllers do in simulated scenarios on the reference evidence, over several
 * seeds: drift under a fixed budget (beside constant thresholds and the price as dual variable),
 * and a rate that doubles under keep-up.
 */
final class ControllerReport {

  private static final Frontier FRONTIER =
      new OptimalStopping().solve(ReferenceEvidence.validation(), ReferenceEvidence.COST);
  private static final Calibration TEST = ReferenceEvidence.test();
  private static final int SEEDS = 4;

  private ControllerReport() {}

  public static void main(String[] args) {
    for (double power : new double[] {0.6, 1.5, 3}) {
      System.out.printf(
          "%nconfidences to the power %.1f from 20 s of 40 s on, 4,000 images/s, 2 subtasks%n"
              + "budget policy    cost clean, first 2 s, after, all (%% off)   accuracy  forced%n",
          power);
      for (double budget : new double[] {0.45, 0.55, 0.65}) {
        drift(budget, power);
      }
    }
    doubled();
  }

  private static void drift(double budget, double power) {
    Map<String, BudgetController> controllers = new TreeMap<>();
    controllers.put(
        "constant",
        BudgetController.of(Budget.constant(FRONTIER.at(budget).thresholds()), FRONTIER));
    controllers.put("price", new SimulatedPriceControl(budget, FRONTIER));
    controllers.put("shares", BudgetController.of(Budget.fixed(budget), FRONTIER));
    controllers.forEach(
        (name, controller) -> {
          double[] sum = new double[7];
          for (int seed = 0; seed < SEEDS; seed++) {
            SimulatedPipeline run =
                pipeline(controller, 0.2e6, seed)
                    .withRate(s -> 4000)
                    .withDrift(s -> s < 20 ? 1 : power)
                    .run(40);
            double[] figures = {
              100 * (run.meanCost(0, 20) / budget - 1),
              100 * (run.meanCost(20, 22) / budget - 1),
              100 * (run.meanCost(22, 40) / budget - 1),
              100 * (run.meanCost(0, 40) / budget - 1),
              100 * run.accuracy(0, 20),
              100 * run.accuracy(20, 40),
              100 * run.forcedShare(0, 40)
            };
            for (int i = 0; i < figures.length; i++) {
              sum[i] += figures[i] / SEEDS;
            }
          }
          System.out.printf(
              "%.2f   %-9s %+6.2f %+6.2f %+6.2f %+6.2f   %.2f %.2f   %.2f%n",
              budget, name, sum[0], sum[1], sum[2], sum[3], sum[4], sum[5], sum[6]);
        });
  }

  private static void doubled() {
    System.out.println("\nkeep up: 900 images/s, 1,800 from 10 s to 30 s; 1,000 at full depth");
    for (int seed = 0; seed < SEEDS; seed++) {
      SimulatedPipeline run =
          pipeline(BudgetController.of(Budget.keepUp().between(0.35, 0.7), FRONTIER), 2e6, seed)
              .withRate(s -> s < 10 || s > 30 ? 900 : 1800)
              .run(50);
      double level =
          run.between(20, 30).stream()
              .mapToDouble(step -> step.adjustment().next().budget())
              .average()
              .orElseThrow();
      System.out.printf(
          "seed %d: budget %.3f, reached (10 %%) after %.2f s, backlog age at most %d ms, target"
              + " again after %.2f s; accuracy %.2f under load, %.2f at this cost by calibrated"
              + " thresholds; forced %.2f %%%n",
          seed,
          level,
          settled(run, level) - 10,
          run.steps().stream()
              .map(step -> step.window().backlogAgeMs())
              .max(Comparator.naturalOrder())
              .orElseThrow(),
          restored(run) - 30,
          100 * run.accuracy(13, 30),
          100
              * OperatingPoint.measure(
                      FRONTIER.at(run.meanCost(13, 30)).thresholds(), TEST, ReferenceEvidence.COST)
                  .accuracy(),
          100 * run.forcedShare(13, 30));
    }
  }

  private static double settled(SimulatedPipeline run, double level) {
    List<Step> steps = run.between(10, 30);
    int last = steps.size() - 1;
    while (last >= 0
        && Math.abs(steps.get(last).adjustment().next().budget() - level) <= 0.1 * level) {
      last--;
    }
    return steps.get(last + 1).seconds();
  }

  private static double restored(SimulatedPipeline run) {
    return run.between(30, 50).stream()
        .filter(step -> step.adjustment().next().budget() == 0.7)
        .findFirst()
        .orElseThrow()
        .seconds();
  }

  private static SimulatedPipeline pipeline(
      BudgetController controller, double fullNanos, long seed) {
    return new SimulatedPipeline(TEST, ReferenceEvidence.COST, controller, 2, fullNanos, seed);
  }
}
