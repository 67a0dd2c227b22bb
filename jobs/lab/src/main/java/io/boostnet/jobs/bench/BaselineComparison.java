package io.boostnet.jobs.bench;

import io.boostnet.jobs.broker.BrokerProcess;
import io.boostnet.jobs.kafka.KafkaAccess;
import io.boostnet.jobs.serve.Delivery;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import me.tongfei.progressbar.ProgressBar;

/**
 * This build and another one, in turns. The jobs are processes that each checkout's own launcher
 * started and that are warm when they count. What a process takes can be a matter of luck from its
 * start on, so every pair of turns that counts processor time has two new ones. The stages are each
 * checkout's bundle in the loops of this build.
 */
final class BaselineComparison {

  static final int[] MICRO_BATCHES = {1, 8, 32};

  /** Pairs of turns of the stages for each of the jobs': they are short, and chance is large. */
  private static final int STAGE_PAIRS = 4;

  private static final String EXACTLY_ONCE = "Kafka to Kafka, exactly-once";
  private static final String SINGLY = "image by image";
  private static final String BATCHED = "in the same micro-batches";
  private static final String DECODING = "the same, with the images to decode";
  private static final String PER_SLOT = "MB per slot";

  private static final List<String> LOOPS = List.of(BATCHED, DECODING, SINGLY);

  private final Checkout build;
  private final Checkout baseline;
  private final int pairs;
  private final long images;
  private final WarmUp warmUp;
  private final LatencyComparison latency;

  /** Images per CPU second, by row, of this build and of the other; a figure per pair. */
  private final Map<String, List<double[]>> rates = new LinkedHashMap<>();

  /**
   * A comparison.
   *
   * @param pairs times that both run
   * @param images images of a turn
   * @param seconds length of a turn of constant load
   * @param warmUp turns of a process before those that count
   */
  BaselineComparison(
      Checkout build, Checkout baseline, int pairs, long images, int seconds, WarmUp warmUp) {
    this.build = build;
    this.baseline = baseline;
    this.pairs = pairs;
    this.images = images;
    this.warmUp = warmUp;
    this.latency = new LatencyComparison(build, baseline, pairs, images, seconds, warmUp);
  }

  /** Steps of the progress bar. */
  int steps() {
    return 2
        + warmUp.steps()
        + pairs * (2 * STAGE_PAIRS * MICRO_BATCHES.length + warmUp.steps() + 2 + LOOPS.size())
        + latency.steps();
  }

  /** Runs all of it. */
  Section.Result run(ProgressBar bar) throws Exception {
    Table memory = memory(bar);
    stages(bar);
    Table latencies;
    try (BrokerProcess broker = BrokerProcess.start();
        Topics topics =
            new Topics(KafkaAccess.to(broker.bootstrapServers()), build.work().threads())) {
      exactlyOnce(topics, bar);
      latencies = latency.run(topics, bar);
    }
    return new Section.Result(
        List.of(speed(), loops(), latencies, memory), targets(latencies, memory));
  }

  private void stages(ProgressBar bar) throws Exception {
    for (int size : MICRO_BATCHES) {
      String row = stages(size);
      Contender ours = new MicroBatchLoop(row, wholeOnOneThread(build), size);
      Contender others = new MicroBatchLoop(row, wholeOnOneThread(baseline), size);
      long each = Math.max(1, images / 10);
      bar.setExtraMessage("warm-up: " + row);
      ours.run(each);
      others.run(each);
      bar.setExtraMessage(row);
      for (int pair = 0; pair < STAGE_PAIRS * pairs; pair++) {
        inTurns(pair, row, () -> ours.run(each), () -> others.run(each), bar);
      }
    }
  }

  private static String stages(int size) {
    return "stages, micro-batch " + size;
  }

  private static Workload wholeOnOneThread(Checkout checkout) {
    return checkout.work().withoutEarlyExit().on(1);
  }

  private void exactlyOnce(Topics topics, ProgressBar bar) throws Exception {
    List<Contender> loops =
        List.of(
            new MicroBatchLoop(BATCHED, build.work()),
            MicroBatchLoop.decoding(DECODING, build.work()),
            new BareLoop(SINGLY, build.work()));
    bar.setExtraMessage("warm-up: loops");
    warmUp.run(loops, loop -> loop.run(images).cpuSecondsPerThousand(), bar);
    for (int pair = 0; pair < pairs; pair++) {
      bar.setExtraMessage("warm-up: " + EXACTLY_ONCE);
      try (ServingProcess ours = ServingProcess.job(build, topics, Delivery.EXACTLY_ONCE);
          ServingProcess others = ServingProcess.job(baseline, topics, Delivery.EXACTLY_ONCE)) {
        warmUp.run(List.of(ours, others), job -> job.take(images).cpuSecondsPerThousand(), bar);
        bar.setExtraMessage(EXACTLY_ONCE);
        inTurns(pair, EXACTLY_ONCE, () -> ours.take(images), () -> others.take(images), bar);
        for (Contender loop : loops) {
          note(loop.name(), loop.run(images).imagesPerCpuSecond(), Double.NaN);
          bar.step();
        }
      }
    }
  }

  private Table memory(ProgressBar bar) throws Exception {
    bar.setExtraMessage("memory");
    double ours = StageMemory.megabytesPerSlot(build.work().location());
    bar.step();
    double others = StageMemory.megabytesPerSlot(baseline.work().location());
    bar.step();
    return Table.of(
            "Native memory",
            "What one slot more takes for the stages: micro-batches of %d rows, and what ONNX Runtime"
                    .formatted(StageMemory.ROWS)
                + " takes for their calls. Sessions are shared by all slots.",
            "baseline",
            "%.1f",
            LatencyComparison.BUILD,
            "%.1f",
            "ratio",
            "%.2f")
        .row(PER_SLOT, others, ours, ours / others);
  }

  private interface Turn {
    void run() throws Exception;
  }

  private interface Measured {
    Measurement run() throws Exception;
  }

  /** The other one first in every second pair. */
  private static List<Turn> turns(int pair, Turn ours, Turn others) {
    List<Turn> turns = new ArrayList<>(List.of(others, ours));
    if (pair % 2 == 1) {
      Collections.reverse(turns);
    }
    return turns;
  }

  private void inTurns(int pair, String row, Measured ours, Measured others, ProgressBar bar)
      throws Exception {
    double[] both = new double[2];
    List<Turn> turns =
        turns(
            pair,
            () -> both[0] = ours.run().imagesPerCpuSecond(),
            () -> both[1] = others.run().imagesPerCpuSecond());
    for (Turn turn : turns) {
      turn.run();
      bar.step();
    }
    note(row, both[0], both[1]);
  }

  private void note(String row, double ours, double others) {
    rates.computeIfAbsent(row, name -> new ArrayList<>()).add(new double[] {ours, others});
  }

  private double ours(String row) {
    return Rounds.median(rates.get(row).stream().mapToDouble(both -> both[0]).toArray());
  }

  private double[] ratios(String row) {
    return rates.get(row).stream().mapToDouble(both -> both[0] / both[1]).toArray();
  }

  private double ratio(String row) {
    return Rounds.median(ratios(row));
  }

  private Table speed() {
    Table table =
        Table.of(
            "This build and the baseline",
            ("Images per CPU second, medians of the pairs, and their ratios: median, least and"
                    + " most. Stages: each checkout's bundle, every image through the full network"
                    + " on one thread, in this build's loop, %d pairs behind a turn that warms up."
                    + " Kafka to Kafka: each checkout's job at the exits of its own bundle, %d"
                    + " pairs, each of two new processes behind %s.")
                .formatted(STAGE_PAIRS * pairs, pairs, warmUp.words()),
            "baseline",
            "%.0f",
            LatencyComparison.BUILD,
            "%.0f",
            "ratio",
            "%.2f",
            "least",
            "%.2f",
            "most",
            "%.2f");
    for (String row : rates.keySet()) {
      double ratio = ratio(row);
      if (!Double.isNaN(ratio)) {
        double other =
            Rounds.median(rates.get(row).stream().mapToDouble(both -> both[1]).toArray());
        DoubleSummaryStatistics ratios = Arrays.stream(ratios(row)).summaryStatistics();
        table.row(row, other, ours(row), ratio, ratios.getMin(), ratios.getMax());
      }
    }
    return table;
  }

  private Table loops() {
    Table table =
        Table.of(
            "Kafka to Kafka and the bare loop",
            "The job of this build, exactly-once, and loops around its stages with the same exits,"
                + " in turns; but for one row their images are decoded beforehand. Images per CPU"
                + " second of the loop, and the job's over it.",
            "loop",
            "%.0f",
            "job, of it",
            "%.2f");
    for (String loop : LOOPS) {
      table.row(loop, ours(loop), ofLoop(loop));
    }
    return table;
  }

  private double ofLoop(String loop) {
    double[] ratios = new double[pairs];
    for (int pair = 0; pair < pairs; pair++) {
      ratios[pair] = rates.get(EXACTLY_ONCE).get(pair)[0] / rates.get(loop).get(pair)[0];
    }
    return Rounds.median(ratios);
  }

  private List<Section.Target> targets(Table latencies, Table memory) {
    double serviceMillis = 1e3 / ours(EXACTLY_ONCE);
    return List.of(
        target("stages, micro-batch 1, of the baseline's", 2.0, ratio(stages(1))),
        target("stages, micro-batch 8, of the baseline's", 2.5, ratio(stages(8))),
        target(EXACTLY_ONCE + ", of the baseline's", 2.2, ratio(EXACTLY_ONCE)),
        target(EXACTLY_ONCE + ", of the bare loop " + BATCHED, 0.85, ofLoop(BATCHED)),
        target(
            "p99 of the baseline, of this build's",
            3,
            1 / figure(latencies, LatencyComparison.BUILD, LatencyComparison.P99_OF_BASELINE)),
        target(
            "mean service time (%.2f ms) x 5, of the p99 until decided".formatted(serviceMillis),
            1,
            5
                * serviceMillis
                / figure(latencies, LatencyComparison.BUILD, LatencyComparison.DECIDED_P99)),
        target(
            "native memory per slot, the baseline's of this build's",
            2,
            1 / figure(memory, PER_SLOT, "ratio")));
  }

  private static Section.Target target(String claim, double atLeast, double found) {
    return new Section.Target(claim, atLeast, found);
  }

  private static double figure(Table table, String row, String column) {
    return table.rows().stream()
        .filter(each -> each.name().equals(row))
        .mapToDouble(each -> each.figures().getOrDefault(column, Double.NaN))
        .findFirst()
        .orElse(Double.NaN);
  }
}
