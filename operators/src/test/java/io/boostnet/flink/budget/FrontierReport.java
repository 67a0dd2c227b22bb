package io.boostnet.flink.budget;

import io.boostnet.flink.exit.Calibration;
import io.boostnet.flink.model.StageCost;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Prints the solvers' figures on the reference evidence, over random splits of it, and how long
 * solving takes.
 */
final class FrontierReport {

  private static final StageCost COST = ReferenceEvidence.COST;
  private static final int SPLITS = 10;

  private FrontierReport() {}

  public static void main(String[] args) {
    table();
    splits(5000);
    splits(1000);
    time();
  }

  private static void table() {
    FrontierJudgement judged =
        FrontierJudgement.of(ReferenceEvidence.validation(), ReferenceEvidence.test(), COST);
    System.out.println("budget  published   ours  oracle  ours-published");
    for (int i = 0; i < judged.budgets().length; i++) {
      System.out.printf(
          "%6.3f %10.2f %6.2f %7.2f %+15.2f%n",
          judged.budgets()[i],
          judged.published()[i],
          judged.ours()[i],
          judged.oracle()[i],
          judged.ours()[i] - judged.published()[i]);
    }
    System.out.println(judged.summary());
  }

  private static void splits(int calibrationImages) {
    for (int seed = 0; seed < SPLITS; seed++) {
      List<Calibration> split = split(calibrationImages, seed);
      System.out.printf(
          "%d of 15,000 for calibration, seed %d: %s%n",
          calibrationImages,
          seed,
          FrontierJudgement.of(split.get(0), split.get(1), COST).summary());
    }
  }

  private static List<Calibration> split(int calibrationImages, int seed) {
    List<Calibration> all = List.of(ReferenceEvidence.validation(), ReferenceEvidence.test());
    List<int[]> images = new ArrayList<>();
    for (int source = 0; source < all.size(); source++) {
      for (int image = 0; image < all.get(source).images(); image++) {
        images.add(new int[] {source, image});
      }
    }
    Collections.shuffle(images, new Random(seed));
    return List.of(
        pick(all, images.subList(0, calibrationImages)),
        pick(all, images.subList(calibrationImages, images.size())));
  }

  private static Calibration pick(List<Calibration> all, List<int[]> images) {
    Calibration.Builder builder = Calibration.builder(COST.exits());
    for (int[] at : images) {
      Calibration from = all.get(at[0]);
      float[] confidence = new float[COST.exits()];
      int[] predicted = new int[COST.exits()];
      for (int exit = 1; exit <= COST.exits(); exit++) {
        confidence[exit - 1] = from.confidence(exit, at[1]);
        predicted[exit - 1] = from.predicted(exit, at[1]);
      }
      builder.add(from.label(at[1]), confidence, predicted);
    }
    return builder.build();
  }

  private static void time() {
    Calibration evidence = SimulatedEvidence.of(10_000, 10, 7);
    StageCost cost = SimulatedEvidence.evenCost(10);
    for (int run = 1; run <= 3; run++) {
      long start = System.nanoTime();
      Frontier frontier = new OptimalStopping().solve(evidence, cost);
      long solved = System.nanoTime();
      double measured = frontier.at((frontier.leastCost() + frontier.mostCost()) / 2).meanCost();
      System.out.printf(
          "10,000 images x 10 exits, run %d: %d points in %.3f s, a budget (%.5f) in %.4f s%n",
          run,
          frontier.points().size(),
          (solved - start) / 1e9,
          measured,
          (System.nanoTime() - solved) / 1e9);
    }
  }
}
