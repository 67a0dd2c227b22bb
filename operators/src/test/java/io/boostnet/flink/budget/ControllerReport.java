package io.boostnet.flink.budget;

import io.boostnet.flink.budget.SimulatedPipeline.Step;
import io.boostnet.flink.exit.Calibration;
import java.util.function.DoubleUnaryOperator;

/** Prints what the controllers do in simulated scenarios. */
final class ControllerReport {

  private static final Frontier FRONTIER =
      new OptimalStopping().solve(ReferenceEvidence.validation(), ReferenceEvidence.COST);
  private static final Calibration TEST = ReferenceEvidence.test();

  private ControllerReport() {}

  public static void main(String[] args) {
    drift();
    step();
  }

  private static void drift() {
    DoubleUnaryOperator power = seconds -> seconds < 20 ? 1 : 1.5;
    System.out.println("drift at 20 s of 40 s, 4,000 images/s, 2 subtasks, budget 0.55");
    BudgetController[] controllers = {
      BudgetController.of(Budget.constant(FRONTIER.at(0.55).thresholds()), FRONTIER),
      new SimulatedPriceControl(0.55, FRONTIER),
      BudgetController.of(Budget.fixed(0.55), FRONTIER),
    };
    for (BudgetController controller : controllers) {
      SimulatedPipeline pipeline =
          pipeline(controller, 2, 0.2e6).withRate(s -> 4000).withDrift(power).run(40);
      System.out.printf(
          "%-22s cost %.4f clean, %.4f first 2 s, %.4f after, %.4f over all; accuracy %.4f %.4f;"
              + " forced %.4f; changes %d%n",
          controller.getClass().getSimpleName(),
          pipeline.meanCost(0, 20),
          pipeline.meanCost(20, 22),
          pipeline.meanCost(22, 40),
          pipeline.meanCost(0, 40),
          pipeline.accuracy(0, 20),
          pipeline.accuracy(20, 40),
          pipeline.forcedShare(0, 40),
          pipeline.steps().stream().filter(step -> step.adjustment().changed()).count());
    }
  }

  private static void step() {
    BudgetController controller = BudgetController.of(Budget.keepUp().between(0.35, 0.8), FRONTIER);
    SimulatedPipeline pipeline =
        pipeline(controller, 2, 2e6).withRate(s -> s < 10 || s > 30 ? 900 : 1800).run(50);
    System.out.println("keep up: rate 900/s, 1800/s from 10 s to 30 s; 1000/s at full depth");
    for (Step step : pipeline.steps()) {
      System.out.printf(
          "%5.2f s budget %.3f cost %.3f age %4d ms needed %6.0f served %6.0f forced %.3f %s%n",
          step.seconds(),
          step.adjustment().next().budget(),
          step.window().meanCost(ReferenceEvidence.COST),
          step.window().backlogAgeMs(),
          step.adjustment().neededPerSecond(),
          step.window().servedPerSecond(),
          step.window().forcedShare(),
          step.adjustment().changed() ? step.adjustment().reason() : "");
    }
  }

  private static SimulatedPipeline pipeline(
      BudgetController controller, int parallelism, double fullNanos) {
    return new SimulatedPipeline(
        TEST, ReferenceEvidence.COST, controller, parallelism, fullNanos, 42);
  }
}
