package io.boostnet.jobs.bench;

import io.boostnet.flink.ModelBundle;
import io.boostnet.flink.budget.Budget;
import io.boostnet.flink.budget.BudgetController;
import io.boostnet.flink.budget.Frontier;
import io.boostnet.flink.budget.OperatingPoint;
import io.boostnet.flink.budget.OptimalStopping;
import io.boostnet.flink.budget.replay.Load;
import io.boostnet.flink.budget.replay.Plant;
import io.boostnet.flink.budget.replay.Replay;
import io.boostnet.flink.budget.replay.Step;
import io.boostnet.flink.inference.Device;
import io.boostnet.flink.model.CostUnit;
import io.boostnet.flink.options.MicroBatching;
import io.boostnet.jobs.cli.Progress;
import io.boostnet.jobs.config.ConfigException;
import io.boostnet.jobs.evaluate.OfflineCascade;
import io.boostnet.jobs.files.JsonFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
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
      "What control costs: the operator chain at constant thresholds without reports and with four"
          + " a second, and under a fixed budget of what these thresholds spend on the same frames,"
          + " with four and with forty reports, decisions and updates a second, in turns. Forty to"
          + " four show in ninefold size what four cost, above the noise of the machine, which the"
          + " chain without reports to itself shows. And the time of one decision of the keep-up"
          + " controller, on windows of a simulated run.",
      "Nothing else should run on the machine."
    })
final class OverheadCommand implements Callable<Integer> {

  private static final double SHARE = 0.5;
  private static final int DECISIONS = 2000;
  private static final int PER_SECOND = 4;
  private static final int MAGNIFIED = 10;
  private static final long SEED = 1;
  private static final Duration NEVER = Duration.ofDays(1);

  @Spec private CommandSpec spec;

  @Option(names = "--bundle", required = true, description = "Model bundle: directory or .zip.")
  private String bundle;

  @Option(names = "--frames", required = true, description = "Frame file to classify.")
  private Path frames;

  @Option(names = "--parallelism", description = "Subtasks. Default: ${DEFAULT-VALUE}.")
  private int parallelism = 2;

  @Option(
      names = "--micro-batch",
      description =
          "Size of the micro-batches, the same in every row, since one that is chosen anew for every"
              + " run would be a difference too. Default: ${DEFAULT-VALUE}.")
  private int microBatch = 16;

  @Option(
      names = "--rounds",
      description =
          "Times every row runs, after one that does not count. Default: ${DEFAULT-VALUE}.")
  private int rounds = 12;

  @Option(
      names = "--images",
      description = "Images per row and round, after those to settle. Default: ${DEFAULT-VALUE}.")
  private long images = 10_000;

  @Option(
      names = "--settle",
      description =
          "Images before them, which do not count: a budget that was not spent at the start is spent"
              + " in the seconds after it. Default: ${DEFAULT-VALUE}.")
  private long settle = 15_000;

  @Option(names = "--report", description = "File to write the report to, as JSON.")
  private Path report;

  /**
   * The report.
   *
   * @param budget share of the full cost that every row spends
   * @param noise constant thresholds without reports, to themselves
   * @param reports constant thresholds with four reports a second, to none
   * @param control a fixed budget with four decisions a second, to constant thresholds without
   *     reports
   * @param magnified a fixed budget with forty decisions a second, to one with four
   * @param seed of the order of the rows
   * @param decisionMicros time of a decision
   */
  record Report(
      Map<String, String> machine,
      String bundle,
      int rounds,
      long images,
      double budget,
      Ratios noise,
      Ratios reports,
      Ratios control,
      Ratios magnified,
      long seed,
      double decisionMicros) {

    /** What four decisions a second take of the throughput, by what 36 more take. */
    double throughputShare() {
      return (1 - magnified.throughput().median()) / (MAGNIFIED - 1);
    }

    /** What four decisions a second add to the processor time, by what 36 more add. */
    double cpuShare() {
      return (magnified.cpu().median() - 1) / (MAGNIFIED - 1);
    }
  }

  /** One row to another: images per second, processor time per image, and cost of an image. */
  record Ratios(Quartiles throughput, Quartiles cpu, Quartiles cost) {

    static Ratios of(List<Measurement> ones, List<Measurement> others) {
      return new Ratios(
          Quartiles.ofRatios(ones, others, Measurement::imagesPerSecond),
          Quartiles.ofRatios(ones, others, Measurement::cpuSecondsPerThousand),
          Quartiles.ofRatios(ones, others, Measurement::meanCost));
    }
  }

  /** The middle of a ratio's rounds, and what a quarter of them lay below and above. */
  record Quartiles(double lower, double median, double upper) {

    static Quartiles ofRatios(
        List<Measurement> ones, List<Measurement> others, ToDoubleFunction<Measurement> figure) {
      double[] ratios = new double[ones.size()];
      for (int round = 0; round < ratios.length; round++) {
        ratios[round] =
            figure.applyAsDouble(ones.get(round)) / figure.applyAsDouble(others.get(round));
      }
      return of(ratios);
    }

    static Quartiles of(double... values) {
      return new Quartiles(
          Rounds.quantile(0.25, values), Rounds.median(values), Rounds.quantile(0.75, values));
    }

    @Override
    public String toString() {
      return "%.4f (%.4f %.4f)".formatted(median, lower, upper);
    }
  }

  @Override
  public Integer call() throws Exception {
    check();
    Workload work = Workload.read(bundle, frames, parallelism);
    ModelBundle model = work.bundle();
    Frontier frontier =
        new OptimalStopping().solve(model.calibration(), model.cascade().cost(CostUnit.TIME));
    work = work.leavingAt(frontier.at(SHARE).thresholds());
    double spent =
        OperatingPoint.measure(
                work.thresholds(),
                OfflineCascade.evidence(model, Device.CPU, work.frames()),
                model.cascade().cost(CostUnit.TIME))
            .meanCost();
    Budget constant = Budget.constant(work.thresholds());
    List<Contender> rows =
        List.of(
            row("constant", work, constant, NEVER),
            row("constant again", work, constant, NEVER),
            row("reports", work, constant, interval(PER_SECOND)),
            row("control", work, Budget.fixed(spent), interval(PER_SECOND)),
            row("magnified", work, Budget.fixed(spent), interval(MAGNIFIED * PER_SECOND)));
    List<List<Measurement>> measured = inTurns(rows);
    Report result =
        new Report(
            Machine.describe(),
            model.cascade().name(),
            rounds,
            images,
            spent,
            Ratios.of(measured.get(1), measured.get(0)),
            Ratios.of(measured.get(2), measured.get(0)),
            Ratios.of(measured.get(3), measured.get(0)),
            Ratios.of(measured.get(4), measured.get(3)),
            SEED,
            decisionMicros(model, frontier));
    print(result);
    if (report != null) {
      JsonFile.write(report, result);
    }
    return 0;
  }

  private void check() {
    if (rounds < 1 || images < 100 || settle < 0 || parallelism < 1) {
      throw new ConfigException(
          "rounds is %d, images %d, settle %d, parallelism %d; at least 1, 100, 0 and 1 are needed."
              .formatted(rounds, images, settle, parallelism));
    }
    if (microBatch < 1 || microBatch > MicroBatching.MAX_SIZE) {
      throw new ConfigException(
          "micro-batch is %d; 1 to %d is needed.".formatted(microBatch, MicroBatching.MAX_SIZE));
    }
  }

  private Contender row(String name, Workload work, Budget budget, Duration interval) {
    return new ChainContender(name, work, MicroBatching.of(microBatch), budget, interval);
  }

  private static Duration interval(int perSecond) {
    return Duration.ofSeconds(1).dividedBy(perSecond);
  }

  /** Every row once a round, in an order drawn anew for each; the measurements of each row. */
  private List<List<Measurement>> inTurns(List<Contender> rows) throws Exception {
    List<List<Measurement>> measured = new ArrayList<>();
    rows.forEach(row -> measured.add(new ArrayList<>()));
    List<Integer> order = new ArrayList<>(IntStream.range(0, rows.size()).boxed().toList());
    Random random = new Random(SEED);
    try (ProgressBar bar = Progress.open("overhead", (long) rows.size() * (rounds + 1))) {
      for (int round = 0; round <= rounds; round++) {
        Collections.shuffle(order, random);
        for (int row : order) {
          Measurement measurement = rows.get(row).run(settle, images);
          if (round > 0) {
            measured.get(row).add(measurement);
          }
          bar.step();
        }
      }
    }
    return measured;
  }

  private void print(Report result) {
    spec.commandLine()
        .getOut()
        .printf(
            "%s, %s, medians of %d rounds of %,d images, every row spends %.3f of the full cost%n"
                + "%n"
                + "images/s, ratio                     %s%n"
                + "  none to none, again               %s%n"
                + "  %2d reports a second to none       %s%n"
                + "  %2d decisions a second to none     %s%n"
                + "  %2d decisions a second to %d        %s%n"
                + "processor time per image, ratio%n"
                + "  none to none, again               %s%n"
                + "  %2d reports a second to none       %s%n"
                + "  %2d decisions a second to none     %s%n"
                + "  %2d decisions a second to %d        %s%n"
                + "mean cost of an image, ratio%n"
                + "  %2d decisions a second to none     %s%n"
                + "  %2d decisions a second to %d        %s%n"
                + "%n"
                + "so %d decisions a second take %.2f %% of the throughput and add %.2f %% to the"
                + " processor time%n"
                + "a decision takes %.0f us: %.3f %% of a core at %d a second%n",
            String.join(", ", result.machine().values()),
            result.bundle(),
            rounds,
            images,
            result.budget(),
            "median (quartiles)",
            result.noise().throughput(),
            PER_SECOND,
            result.reports().throughput(),
            PER_SECOND,
            result.control().throughput(),
            PER_SECOND * MAGNIFIED,
            PER_SECOND,
            result.magnified().throughput(),
            result.noise().cpu(),
            PER_SECOND,
            result.reports().cpu(),
            PER_SECOND,
            result.control().cpu(),
            PER_SECOND * MAGNIFIED,
            PER_SECOND,
            result.magnified().cpu(),
            PER_SECOND,
            result.control().cost(),
            PER_SECOND * MAGNIFIED,
            PER_SECOND,
            result.magnified().cost(),
            PER_SECOND,
            100 * result.throughputShare(),
            100 * result.cpuShare(),
            result.decisionMicros(),
            result.decisionMicros() * PER_SECOND / 1e4,
            PER_SECOND);
  }

  /** Time of a step of the keep-up controller, over the windows of a simulated run. */
  private static double decisionMicros(ModelBundle model, Frontier frontier) {
    BudgetController controller =
        BudgetController.of(Budget.keepUp().between(frontier.leastCost(), 1), frontier);
    SplittableRandom random = new SplittableRandom(1);
    Plant plant = new Plant(model.cascade().cost(CostUnit.TIME), 2, 1e6);
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
