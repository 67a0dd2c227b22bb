package io.boostnet.jobs.bench;

import io.boostnet.flink.exit.Thresholds;
import io.boostnet.flink.model.Cascade;
import io.boostnet.flink.options.MicroBatching;
import java.util.ArrayList;
import java.util.List;
import me.tongfei.progressbar.ProgressBar;

/**
 * Processor time of an image as the number of stages, the micro-batch and the image grow, and what
 * a stage boundary costs.
 */
final class CostSection implements Section {

  private static final int[] BATCHES = {1, 2, 4, 8, 16, 32, 64};
  private static final int SMALLEST_SIDE = 32;
  private static final int FEWEST_IMAGES = 60;

  private final Setting setting;
  private final List<Workload> sizes;

  /**
   * The section.
   *
   * @param sizes bundles of the same network at growing image sizes
   */
  CostSection(Setting setting, List<Workload> sizes) {
    this.setting = setting;
    this.sizes = sizes;
  }

  @Override
  public int steps() {
    int exits = setting.work().thresholds().exits();
    return Rounds.steps(2 * exits + BATCHES.length + 2 * sizes.size(), setting.rounds());
  }

  @Override
  public Result run(ProgressBar bar) throws Exception {
    return new Result(List.of(stages(bar), batches(bar), sizes(bar)), List.of());
  }

  /**
   * All images leave at exit k, in micro-batches of one, so that nothing but the stages differs.
   */
  private Table stages(ProgressBar bar) throws Exception {
    Cascade cascade = setting.work().bundle().cascade();
    List<Contender> contenders = new ArrayList<>();
    for (int exit = 1; exit <= cascade.exits(); exit++) {
      Workload work = setting.work().leavingAt(allAt(exit, cascade.exits()));
      contenders.add(new BareLoop("bare " + exit, work));
      contenders.add(new ChainContender("chain " + exit, work, MicroBatching.of(1)));
    }
    Rounds rounds = Rounds.run(contenders, setting.rounds(), setting.images(), bar);
    Table table =
        Table.of(
            "Number of stages",
            "Every image leaves at the same exit, micro-batches of 1. A boundary: what the chain"
                + " takes beyond the bare loop, less the same for one stage, per boundary passed;"
                + " it holds the copy of the feature maps and the call of the next operator.",
            "MMACs",
            "%.1f",
            "bare loop, CPU µs",
            "%.0f",
            "chain, CPU µs",
            "%.0f",
            "chain - bare, µs",
            "%.0f",
            "µs per boundary",
            "%.1f",
            "KB carried",
            "%.0f");
    double atFirst = 0;
    for (int exit = 1; exit <= cascade.exits(); exit++) {
      double bare = rounds.median("bare " + exit, CostSection::cpuMicros);
      double chain = rounds.median("chain " + exit, CostSection::cpuMicros);
      if (exit == 1) {
        atFirst = chain - bare;
      }
      table.row(
          exit == 1 ? "1 stage" : exit + " stages",
          cascade.stages().get(exit - 1).cumulativeMacs() / 1e6,
          bare,
          chain,
          chain - bare,
          exit == 1 ? Double.NaN : (chain - bare - atFirst) / (exit - 1),
          exit == 1 ? Double.NaN : cascade.stages().get(exit - 1).inputRowBytes() / 1024.0);
    }
    return table;
  }

  private Table batches(ProgressBar bar) throws Exception {
    List<Contender> contenders = new ArrayList<>();
    for (int size : BATCHES) {
      contenders.add(
          new ChainContender(
              "micro-batch " + size, setting.work().withoutEarlyExit(), MicroBatching.of(size)));
    }
    Rounds rounds = Rounds.run(contenders, setting.rounds(), setting.images(), bar);
    Table table =
        Table.of(
            "Micro-batch size",
            "The chain, in memory, every image through the full network; ratio to size 1.",
            "images/s",
            "%.0f",
            "ratio",
            "%.2f",
            "CPU µs per image",
            "%.0f");
    for (String name : rounds.names()) {
      table.row(
          name,
          rounds.median(name, Measurement::imagesPerSecond),
          rounds.ratio(name, "micro-batch 1", Measurement::imagesPerSecond),
          rounds.median(name, CostSection::cpuMicros));
    }
    return table;
  }

  private Table sizes(ProgressBar bar) throws Exception {
    Table table =
        Table.of(
            "Image size",
            "An MSDNet of 4 exits with random weights, with a scale more for images twice the size"
                + " (at 224 in its ImageNet form, which begins with a stride of 4); every image"
                + " through all of it, the frames resized to its input. Ratio: images per CPU second of the chain to those of the bare"
                + " loop.",
            "MMACs",
            "%.0f",
            "chain, images/s",
            "%.1f",
            "CPU ms per image",
            "%.2f",
            "ratio",
            "%.2f",
            "KB carried at most",
            "%.0f",
            "heap KB per image",
            "%.1f");
    for (Workload work : sizes) {
      Cascade cascade = work.bundle().cascade();
      int side = cascade.preprocessing().height();
      long images =
          Math.max(FEWEST_IMAGES, setting.images() * SMALLEST_SIDE * SMALLEST_SIDE / side / side);
      Rounds rounds =
          Rounds.run(
              List.of(
                  new MicroBatchLoop("bare", work),
                  new ChainContender("chain", work, MicroBatching.auto())),
              setting.rounds(),
              images,
              bar);
      table.row(
          side + " x " + cascade.preprocessing().width(),
          cascade.stages().get(cascade.exits() - 1).cumulativeMacs() / 1e6,
          rounds.median("chain", Measurement::imagesPerSecond),
          rounds.median("chain", CostSection::cpuMicros) / 1e3,
          rounds.ratio("chain", "bare", Measurement::imagesPerCpuSecond),
          cascade.stages().stream().skip(1).mapToInt(stage -> stage.inputRowBytes()).max().orElse(0)
              / 1024.0,
          rounds.median("chain", Measurement::allocatedKilobytesPerImage));
    }
    return table;
  }

  private static Thresholds allAt(int exit, int exits) {
    double[] values = Thresholds.neverExit(1, exits).toArray();
    values[exit - 1] = 0;
    return Thresholds.of(1, values);
  }

  private static double cpuMicros(Measurement measurement) {
    return 1e6 * measurement.cpuSeconds() / measurement.images();
  }
}
