package io.boostnet.jobs.bench;

import io.boostnet.flink.ModelBundle;
import io.boostnet.flink.budget.Budget;
import io.boostnet.flink.budget.BudgetController;
import io.boostnet.flink.budget.Frontier;
import io.boostnet.flink.budget.OptimalStopping;
import io.boostnet.flink.budget.replay.Load;
import io.boostnet.flink.budget.replay.Plant;
import io.boostnet.flink.budget.replay.Replay;
import io.boostnet.flink.budget.replay.Step;
import io.boostnet.flink.exit.Thresholds;
import io.boostnet.flink.options.MicroBatching;
import io.boostnet.jobs.JsonFile;
import io.boostnet.jobs.Progress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ProgressBar;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench overhead}: what the control of a pipeline costs. */
@Command(
    name = "overhead",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "What control costs: the operator chain with reports and decisions four times a second, and"
          + " the same chain with none, in turns, at the same thresholds; and the time of one"
          + " decision of the keep-up controller, on windows of a simulated run.",
      "Nothing else should run on the machine."
    })
final class OverheadCommand implements Callable<Integer> {

  private static final double SHARE = 0.5;
  private static final int DECISIONS = 2000;
  private static final double DECISIONS_PER_SECOND = 4;

  @Spec private CommandSpec spec;

  @Option(names = "--bundle", required = true, description = "Model bundle: directory or .zip.")
  private String bundle;

  @Option(names = "--frames", required = true, description = "Frame file to classify.")
  private Path frames;

  @Option(names = "--parallelism", description = "Subtasks. Default: ${DEFAULT-VALUE}.")
  private int parallelism = 2;

  @Option(names = "--rounds", description = "Times every row runs. Default: ${DEFAULT-VALUE}.")
  private int rounds = 15;

  @Option(
      names = "--images",
      description = "Images per row and round, after the warm-up. Default: ${DEFAULT-VALUE}.")
  private long images = 10_000;

  @Option(names = "--report", description = "File to write the report to, as JSON.")
  private Path report;

  /**
   * The report.
   *
   * @param throughputRatio with control to without, median over the rounds
   * @param cpuRatio processor time per image with control to without, median over the rounds
   * @param lowerQuartile a quarter of the rounds had a throughput ratio below
   * @param upperQuartile a quarter of the rounds had one above
   * @param decisionMicros time of a decision
   */
  record Report(
      Map<String, String> machine,
      String bundle,
      int rounds,
      long images,
      double throughputRatio,
      double cpuRatio,
      double lowerQuartile,
      double upperQuartile,
      double decisionMicros) {}

  @Override
  public Integer call() throws Exception {
    ModelBundle model = ModelBundle.read(bundle).verify();
    Frontier frontier =
        new OptimalStopping().solve(model.calibration(), model.cascade().costInMacs());
    Thresholds thresholds = frontier.at(SHARE).thresholds();
    Workload work =
        new Workload(model, bundle, frames.toAbsolutePath(), List.of(), thresholds, parallelism);
    Contender with = row("with control", work, Duration.ofMillis(250));
    Contender without = row("without control", work, Duration.ofDays(1));
    double[] throughput = new double[rounds];
    double[] cpu = new double[rounds];
    try (ProgressBar bar = Progress.open("overhead", 2L * rounds)) {
      for (int round = 0; round < rounds; round++) {
        boolean first = round % 2 == 0;
        Measurement one = (first ? with : without).run(images);
        bar.step();
        Measurement other = (first ? without : with).run(images);
        bar.step();
        Measurement controlled = first ? one : other;
        Measurement bare = first ? other : one;
        throughput[round] = controlled.imagesPerSecond() / bare.imagesPerSecond();
        cpu[round] = controlled.cpuSecondsPerThousand() / bare.cpuSecondsPerThousand();
      }
    }
    Arrays.sort(throughput);
    Arrays.sort(cpu);
    Report result =
        new Report(
            Machine.describe(),
            model.cascade().name(),
            rounds,
            images,
            throughput[rounds / 2],
            cpu[rounds / 2],
            throughput[rounds / 4],
            throughput[3 * rounds / 4],
            decisionMicros(model, frontier));
    spec.commandLine()
        .getOut()
        .printf(
            "%s, %s, medians of %d rounds of %,d images%n"
                + "throughput with control to without: %.4f (quartiles %.4f and %.4f)%n"
                + "processor time per image:           %.4f%n"
                + "a decision takes %.0f us: %.3f %% of a core at %.0f a second%n",
            String.join(", ", result.machine().values()),
            result.bundle(),
            rounds,
            images,
            result.throughputRatio(),
            result.lowerQuartile(),
            result.upperQuartile(),
            result.cpuRatio(),
            result.decisionMicros(),
            result.decisionMicros() * DECISIONS_PER_SECOND / 1e4,
            DECISIONS_PER_SECOND);
    if (report != null) {
      JsonFile.write(report, result);
    }
    return 0;
  }

  private static Contender row(String name, Workload work, Duration interval) {
    return new ChainRow(name, work, MicroBatching.auto(), interval);
  }

  /** Time of a step of the keep-up controller, over the windows of a simulated run. */
  private static double decisionMicros(ModelBundle model, Frontier frontier) {
    BudgetController controller =
        BudgetController.of(Budget.keepUp().between(frontier.leastCost(), 1), frontier);
    SplittableRandom random = new SplittableRandom(1);
    Plant plant = new Plant(model.cascade().costInMacs(), 2, 1e6);
    Replay replay =
        new Replay(
                plant,
                Load.steady(plant.capacity(SHARE), model.calibration()),
                controller,
                random::nextDouble,
                random.split()::nextDouble)
            .run(60);
    List<Step> steps = new ArrayList<>(replay.steps());
    long nanos = 0;
    for (int i = 0; i < 2 * DECISIONS; i++) {
      Step step = steps.get(1 + i % (steps.size() - 1));
      long start = System.nanoTime();
      controller.step(step.window(), steps.get(i % (steps.size() - 1)).adjustment().next());
      nanos += i < DECISIONS ? 0 : System.nanoTime() - start; // the first half warms up
    }
    return nanos / 1e3 / DECISIONS;
  }
}
