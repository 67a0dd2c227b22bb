package io.boostnet.jobs.bench;

import io.boostnet.flink.budget.OperatingPoint;
import io.boostnet.flink.exit.Evidence;
import io.boostnet.flink.model.CostUnit;
import io.boostnet.flink.options.MicroBatching;
import java.util.ArrayList;
import java.util.List;
import me.tongfei.progressbar.ProgressBar;

/** Images per second and per second of processor time, and goodput at equal accuracy. */
final class ThroughputSection implements Section {

  private static final String CHAIN_FULL = "operator chain, in memory, full network";
  private static final String KAFKA_FULL = "Kafka job, Kafka to Kafka, full network";
  private static final double MOST_POINTS_LOST = 0.5;

  private final Setting setting;
  private final List<Contender> contenders = new ArrayList<>();
  private final Contender crayfish;
  private double capacity = Double.NaN;

  ThroughputSection(Setting setting, String tensorsTopic) throws Exception {
    this.setting = setting;
    Workload full = setting.work().withoutEarlyExit();
    crayfish = new CrayfishContender(full, setting.topics(), tensorsTopic);
    contenders.add(setting.bareLoop());
    contenders.add(setting.loopByImage());
    contenders.add(setting.chain());
    contenders.add(setting.kafkaJob());
    contenders.add(new ChainContender(CHAIN_FULL, full, MicroBatching.auto()));
    contenders.add(new ServeContender(KAFKA_FULL, full, setting.topics(), setting.framesTopic()));
    contenders.add(new NaiveContender(full));
    contenders.add(crayfish);
  }

  /** Images per second of the Kafka job; NaN before {@link #run}. */
  double kafkaImagesPerSecond() {
    return capacity;
  }

  @Override
  public int steps() {
    return Rounds.steps(contenders.size(), setting.rounds());
  }

  @Override
  public Result run(ProgressBar bar) throws Exception {
    Rounds rounds = Rounds.run(contenders, setting.rounds(), setting.images(), bar);
    capacity = rounds.median(Setting.KAFKA, Measurement::imagesPerSecond);
    Table throughput =
        Table.of(
            "Throughput",
            "Medians over the rounds; ratios are taken within a round, to the bare loop: the same"
                + " stages with the same exits, in micro-batches of the chain's sizes, always full,"
                + " decoded beforehand. Processor time"
                + " is that of the measuring process, without the broker. Allocation is that of the"
                + " Java heap.",
            "images/s",
            "%.0f",
            "ratio",
            "%.2f",
            "CPU s per 1,000",
            "%.2f",
            "images per CPU s, ratio",
            "%.2f",
            "accuracy %",
            "%.1f",
            "KB per image",
            "%.1f",
            "GC %",
            "%.1f");
    for (String name : rounds.names()) {
      throughput.row(
          name,
          rounds.median(name, Measurement::imagesPerSecond),
          rounds.ratio(name, Setting.BARE, Measurement::imagesPerSecond),
          rounds.median(name, Measurement::cpuSecondsPerThousand),
          rounds.ratio(name, Setting.BARE, Measurement::imagesPerCpuSecond),
          rounds.median(name, Measurement::accuracyPercent),
          rounds.median(name, Measurement::allocatedKilobytesPerImage),
          rounds.median(name, Measurement::gcPercent));
    }
    Evidence evidence = setting.evidenceOfFrames();
    OperatingPoint early =
        OperatingPoint.measure(
            setting.work().thresholds(),
            evidence,
            setting.work().bundle().cascade().cost(CostUnit.TIME));
    double full = evidence.accuracy(evidence.exits());
    return new Result(
        List.of(throughput, goodput(rounds, early, full)),
        targets(rounds, 100 * (full - early.accuracy())));
  }

  private Table goodput(Rounds rounds, OperatingPoint early, double full) {
    Table goodput =
        Table.of(
            "Goodput at equal accuracy",
            "Early exit against the full network, equally batched, in the same operators. The"
                + " thresholds come from the bundle's calibration evidence; the accuracies are those"
                + " on all frames of the file. Speed-up: images/s, median of the ratios within a"
                + " round.",
            "speed-up",
            "%.2f",
            "speed-up per CPU s",
            "%.2f",
            "mean cost",
            "%.3f",
            "accuracy %",
            "%.2f",
            "full network %",
            "%.2f",
            "points lost",
            "%.2f");
    for (String[] pair :
        new String[][] {{Setting.CHAIN, CHAIN_FULL}, {Setting.KAFKA, KAFKA_FULL}}) {
      goodput.row(
          pair[0],
          rounds.ratio(pair[0], pair[1], Measurement::imagesPerSecond),
          rounds.ratio(pair[0], pair[1], Measurement::imagesPerCpuSecond),
          early.meanCost(),
          100 * early.accuracy(),
          100 * full,
          100 * (full - early.accuracy()));
    }
    return goodput;
  }

  private List<Target> targets(Rounds rounds, double pointsLost) {
    return List.of(
        new Target(
            "chain, images per CPU second, of the bare loop's",
            0.95,
            rounds.ratio(Setting.CHAIN, Setting.BARE, Measurement::imagesPerCpuSecond)),
        new Target(
            "Kafka to Kafka, images per CPU second, of the bare loop's",
            0.85,
            rounds.ratio(Setting.KAFKA, Setting.BARE, Measurement::imagesPerCpuSecond)),
        new Target(
            "Kafka to Kafka, images/s, of the full network's, equally batched",
            1.74,
            rounds.ratio(Setting.KAFKA, KAFKA_FULL, Measurement::imagesPerSecond)),
        new Target(
            "points of accuracy kept of " + MOST_POINTS_LOST, 0, MOST_POINTS_LOST - pointsLost),
        new Target(
            "Kafka to Kafka, images/s, of the Crayfish-style mapper's",
            3,
            rounds.ratio(Setting.KAFKA, crayfish.name(), Measurement::imagesPerSecond)));
  }
}
