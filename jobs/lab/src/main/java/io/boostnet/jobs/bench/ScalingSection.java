package io.boostnet.jobs.bench;

import io.boostnet.flink.options.MicroBatching;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import me.tongfei.progressbar.ProgressBar;

/** What a further slot brings: the loop, the chain and the Kafka job on 1 to n threads. */
final class ScalingSection implements Section {

  private final Setting setting;
  private final int most;

  ScalingSection(Setting setting) {
    this.setting = setting;
    this.most = setting.work().threads();
  }

  @Override
  public int steps() {
    return Rounds.steps(3 * most, setting.rounds());
  }

  @Override
  public Result run(ProgressBar bar) throws Exception {
    List<Contender> contenders = new ArrayList<>();
    for (int threads = 1; threads <= most; threads++) {
      Workload work = setting.work().on(threads);
      contenders.add(new MicroBatchLoop(name("bare loop", threads), work));
      contenders.add(
          new ChainContender(name("chain, in memory", threads), work, MicroBatching.auto()));
      contenders.add(
          new ServeContender(
              name("Kafka to Kafka", threads), work, setting.topics(), setting.framesTopic()));
    }
    Rounds rounds = Rounds.run(contenders, setting.rounds(), setting.images(), bar);
    List<String> columns = new ArrayList<>();
    IntStream.rangeClosed(1, most)
        .forEach(threads -> columns.addAll(List.of("images/s, slots: " + threads, "%.0f")));
    IntStream.rangeClosed(2, most)
        .forEach(threads -> columns.addAll(List.of("ratio, " + threads + " to 1", "%.2f")));
    Table table =
        Table.of(
            "Scaling",
            "Images/s on a number of slots (threads of the loop), and the ratio to one slot: median"
                + " of the ratios within a round.",
            columns.toArray(String[]::new));
    for (String kind : List.of("bare loop", "chain, in memory", "Kafka to Kafka")) {
      double[] figures = new double[2 * most - 1];
      for (int threads = 1; threads <= most; threads++) {
        String name = name(kind, threads);
        figures[threads - 1] = rounds.median(name, Measurement::imagesPerSecond);
        if (threads > 1) {
          figures[most + threads - 2] =
              rounds.ratio(name, name(kind, 1), Measurement::imagesPerSecond);
        }
      }
      table.row(kind, figures);
    }
    return new Result(
        List.of(table),
        most < 2
            ? List.of()
            : List.of(
                new Target(
                    "Kafka to Kafka, 2 slots of 1",
                    1.8,
                    rounds.ratio(
                        name("Kafka to Kafka", 2),
                        name("Kafka to Kafka", 1),
                        Measurement::imagesPerSecond))));
  }

  private static String name(String kind, int threads) {
    return kind + ", slots: " + threads;
  }
}
