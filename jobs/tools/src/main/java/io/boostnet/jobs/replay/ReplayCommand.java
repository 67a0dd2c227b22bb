package io.boostnet.jobs.replay;

import io.boostnet.flink.budget.Budget;
import io.boostnet.flink.budget.replay.FrontierJudgement;
import io.boostnet.flink.budget.replay.Plant;
import io.boostnet.jobs.cli.Progress;
import io.boostnet.jobs.config.BudgetConverter;
import io.boostnet.jobs.config.ConfigException;
import io.boostnet.jobs.files.JsonFile;
import io.boostnet.jobs.load.ClassMix;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import me.tongfei.progressbar.ProgressBar;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code boostnet replay}: policies and controllers on recorded evidence, without Flink. */
@Command(
    name = "replay",
    description = {
      "Simulate exit policies and budget controllers on recorded evidence, in seconds.",
      "",
      "First a table of solved thresholds at 20 budgets, then one for every budget and scenario:"
          + " never-exit, first-exit, static thresholds and the published search's (both solved for"
          + " the budget, or for the target of keep-up), price (the price of compute as feedback,"
          + " for a fixed budget), ours, and the oracle: what thresholds that know the test labels"
          + " reach at the cost that ours spent."
    },
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  boostnet replay --bundle jobs/demo/models/gtsrb-msdnet --plot replay.png",
      "  boostnet replay --bundle b --budget fixed:0.5 --scenario drift-difficulty --runs 4",
      "  boostnet replay --calibration a.avro --evidence b.avro --costs 1,2,3 --frontier"
    })
public final class ReplayCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Mixin private EvidenceOptions evidence;

  @Option(
      names = "--budget",
      converter = BudgetConverter.class,
      description =
          "fixed:<share>, keep-up or keep-up:<least>-<target>, shares of the full network's cost; may be given"
              + " again. Default: a fixed one in the middle of the frontier, and keep-up over all of"
              + " it.")
  private List<Budget> budgets;

  @Option(
      names = "--scenario",
      description =
          "${COMPLETION-CANDIDATES}; may be given again. Default: all that the files given suffice"
              + " for.")
  private List<Scenario> scenarios;

  @Option(names = "--frontier", description = "No scenarios: only the table of thresholds.")
  private boolean frontierOnly;

  @Option(
      names = "--splits",
      description =
          "Judge thresholds on this many random splits of all the images as well. Default: 0.")
  private int splits;

  @Option(
      names = "--calibration-images",
      description = "Images of a split to solve on. Default: as many as without splits.")
  private Integer calibrationImages;

  @Option(
      names = "--drift-power",
      description =
          "Scenario drift-difficulty: power of the confidences. Default: ${DEFAULT-VALUE}.")
  private double driftPower = 1.5;

  @Option(
      names = "--class-mix",
      description =
          "Scenario class-mix: class:weight pairs separated by commas, * for all other classes, as"
              + " 3:4,*:1. Default: the half of the classes that the first exit finds hardest.")
  private String classMix;

  @Option(names = "--subtasks", description = "Simulated subtasks. Default: ${DEFAULT-VALUE}.")
  private int subtasks = 2;

  @Option(
      names = "--image-ms",
      description =
          "Time of an image that runs the full network, in milliseconds. Default:"
              + " ${DEFAULT-VALUE}.")
  private double imageMs = 1;

  @Option(
      names = "--capacity-at",
      description =
          "Mean cost at which the images per second are 100 %% of capacity. Default:"
              + " ${DEFAULT-VALUE}, every image through the full network.")
  private double capacityAt = 1;

  @Option(
      names = "--runs",
      description = "Seeds in a row that tables are means of. Default: ${DEFAULT-VALUE}.")
  private int runs = 1;

  @Option(names = "--seed", description = "Seed of all random numbers. Default: ${DEFAULT-VALUE}.")
  private long seed = 1;

  @Option(names = "--json", description = "Write the results to this file, as JSON.")
  private Path json;

  @Option(names = "--plot", description = "Draw the results into this PNG file.")
  private Path plot;

  @Override
  public Integer call() {
    if (budgets != null && budgets.stream().anyMatch(Budget.Deadline.class::isInstance)) {
      throw new ConfigException(
          "A deadline budget cannot be replayed, since evidence has no times; give a fixed or a keep-up budget.");
    }
    ReplayInput input = evidence.read(seed);
    if (runs < 1 || splits < 0 || !(capacityAt > 0 && capacityAt <= 1)) {
      throw new ConfigException(
          "--runs is %d, --splits %d, --capacity-at %s; at least 1, at least 0, and above 0 up to 1 are needed."
              .formatted(runs, splits, capacityAt));
    }
    List<Scenario> chosen = frontierOnly ? List.of() : scenarios(input);
    try {
      ReplayReport report = replay(input, chosen);
      if (json != null) {
        JsonFile.write(json, report);
      }
      if (plot != null) {
        ReplayPlot.write(plot, report);
      }
      return 0;
    } catch (IllegalArgumentException e) {
      throw new ConfigException("The replay cannot be run: " + e.getMessage() + ".", e);
    }
  }

  private ReplayReport replay(ReplayInput input, List<Scenario> chosen) {
    Plant plant = new Plant(input.cost(), subtasks, imageMs * 1e6);
    Scenario.Drifts drifts =
        new Scenario.Drifts(driftPower, classMix == null ? null : ClassMix.parse(classMix));
    long start = System.nanoTime();
    Policies policies = Policies.solve(input.calibration(), input.cost());
    double solveSeconds = (System.nanoTime() - start) / 1e9;
    ReplayReport head =
        new ReplayReport(
            input.name(),
            input.judgedOn(),
            input.calibration().images(),
            input.test().images(),
            input.cost().toArray(),
            seed,
            solveSeconds,
            input.test().accuracy(1),
            input.test().accuracy(input.cost().exits()),
            frontier(
                FrontierJudgement.of(policies.published(), policies.ours(), input.test()),
                input.calibration().images(),
                seed),
            splits(input),
            plant.capacity(capacityAt),
            List.of());
    ReplayTables tables = new ReplayTables(spec.commandLine().getOut());
    tables.head(head);
    return head.with(simulate(input, policies, plant, drifts, chosen, tables));
  }

  private List<ReplayReport.Run> simulate(
      ReplayInput input,
      Policies policies,
      Plant plant,
      Scenario.Drifts drifts,
      List<Scenario> chosen,
      ReplayTables tables) {
    List<Budget> all = budgets == null ? policies.usualBudgets() : budgets;
    Simulator simulator =
        new Simulator(input, policies, plant, plant.capacity(capacityAt), drifts, seed, runs);
    List<ReplayReport.Run> results = new ArrayList<>();
    int steps = all.stream().mapToInt(simulator::steps).sum() * chosen.size();
    try (ProgressBar bar = Progress.open("replay", steps)) {
      for (Budget budget : all) {
        for (Scenario scenario : chosen) {
          ReplayReport.Run run = simulator.run(budget, scenario, bar::step);
          tables.run(run, plant.capacity(capacityAt));
          results.add(run);
        }
      }
    }
    return results;
  }

  private List<Scenario> scenarios(ReplayInput input) {
    boolean corrupted = input.corrupted() != null;
    if (scenarios == null) {
      return Arrays.stream(Scenario.values())
          .filter(scenario -> corrupted || !scenario.needsDriftEvidence())
          .toList();
    }
    if (!corrupted && scenarios.stream().anyMatch(Scenario::needsDriftEvidence)) {
      throw new ConfigException(
          "The scenario corruption needs --drift-evidence: evidence of corrupted frames, as"
              + " 'evaluate --corrupt ... --write-evidence' makes it.");
    }
    return scenarios;
  }

  private List<ReplayReport.Frontier> splits(ReplayInput input) {
    int first = calibrationImages == null ? input.calibration().images() : calibrationImages;
    return IntStream.range(0, splits)
        .mapToObj(
            i -> {
              RandomSplit split =
                  RandomSplit.of(List.of(input.calibration(), input.test()), first, seed + i);
              return frontier(
                  FrontierJudgement.of(split.calibration(), split.test(), input.cost()),
                  first,
                  seed + i);
            })
        .toList();
  }

  private static ReplayReport.Frontier frontier(
      FrontierJudgement judged, int calibrationImages, long seed) {
    return new ReplayReport.Frontier(
        calibrationImages,
        seed,
        IntStream.range(0, judged.budgets().length)
            .mapToObj(
                i ->
                    new ReplayReport.FrontierRow(
                        judged.budgets()[i],
                        judged.published()[i],
                        judged.ours()[i],
                        judged.oracle()[i],
                        judged.crossFitted()[i]))
            .toList(),
        judged.meanOverPublished(),
        judged.worstOverPublished(),
        judged.meanUnderOracle(),
        judged.meanUnderCrossFitted(),
        judged.oursLostByMore(),
        judged.publishedLostByMore());
  }
}
