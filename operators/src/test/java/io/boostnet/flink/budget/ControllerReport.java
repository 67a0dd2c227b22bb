package io.boostnet.flink.budget;

import io.boostnet.flink.budget.replay.Load;
import io.boostnet.flink.budget.replay.Plant;
import io.boostnet.flink.budget.replay.Replay;
import io.boostnet.flink.budget.replay.Step;
import io.boostnet.flink.exit.Calibration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
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
    Load load = Load.steady(4000, TEST).withDrift(SimulatedEvidence.drifted(TEST, power), 20);
    controllers.forEach(
        (name, controller) -> {
          double[] sum = new double[7];
          for (int seed = 0; seed < SEEDS; seed++) {
            Replay run = replay(controller, 0.2e6, load, seed).run(40);
            double[] figures = {
              100 * (run.summary(0, 20).meanCost() / budget - 1),
              100 * (run.summary(20, 22).meanCost() / budget - 1),
              100 * (run.summary(22, 40).meanCost() / budget - 1),
              100 * (run.summary(0, 40).meanCost() / budget - 1),
              100 * run.summary(0, 20).accuracy(),
              100 * run.summary(20, 40).accuracy(),
              100 * run.summary(0, 40).forcedShare()
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
      Replay run =
          replay(
                  BudgetController.of(Budget.keepUp().between(0.35, 0.7), FRONTIER),
                  2e6,
                  Load.steady(900, TEST).withBurst(2, 10, 30),
                  seed)
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
          100 * run.summary(13, 30).accuracy(),
          100
              * OperatingPoint.measure(
                      FRONTIER.at(run.summary(13, 30).meanCost()).thresholds(),
                      TEST,
                      ReferenceEvidence.COST)
                  .accuracy(),
          100 * run.summary(13, 30).forcedShare());
    }
  }

  private static double settled(Replay run, double level) {
    List<Step> steps = run.between(10, 30);
    int last = steps.size() - 1;
    while (last >= 0
        && Math.abs(steps.get(last).adjustment().next().budget() - level) <= 0.1 * level) {
      last--;
    }
    return steps.get(last + 1).seconds();
  }

  private static double restored(Replay run) {
    return run.between(30, 50).stream()
        .filter(step -> step.adjustment().next().budget() == 0.7)
        .findFirst()
        .orElseThrow()
        .seconds();
  }

  private static Replay replay(
      BudgetController controller, double fullNanos, Load load, long seed) {
    return new Replay(
        new Plant(ReferenceEvidence.COST, 2, fullNanos),
        load,
        controller,
        new Random(seed)::nextDouble);
  }
}
