package io.boostnet.jobs.bench;

import io.boostnet.jobs.broker.BrokerProcess;
import io.boostnet.jobs.kafka.KafkaAccess;
import io.boostnet.jobs.serve.Delivery;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import me.tongfei.progressbar.ProgressBar;

/**
 * This build and another one, in turns. The jobs are processes that each checkout's own launcher
 * started and that live over all turns; the stages are each checkout's bundle in the loops of this
 * build.
 */
final class BaselineComparison {

  static final int[] MICRO_BATCHES = {1, 8, 32};

  /** Pairs of turns of the stages for each of the jobs': they are short, and chance is large. */
  private static final int STAGE_PAIRS = 4;

  /** Turns that warm up, at most; those without gain that end it; and what is no gain. */
  private static final int MOST_WARM_UPS = 16;

  private static final int STEADY = 3;

  private static final double STILL_COMPILING = 0.96;
  private static final double OVERLOAD = 1.3;
  private static final double LOAD = 0.5;
  private static final String EXACTLY_ONCE = "Kafka to Kafka, exactly-once";
  private static final String SINGLY = "image by image";
  private static final String BATCHED = "in the same micro-batches";
  private static final String BUILD = "this build";
  private static final String OF_BASELINE = "of the baseline's";
  private static final String PER_SLOT = "MB per slot";

  private final Checkout build;
  private final Checkout baseline;
  private final int pairs;
  private final long images;
  private final int seconds;

  /** Images per CPU second, by row, of this build and of the other; a figure per pair. */
  private final Map<String, List<double[]>> rates = new LinkedHashMap<>();

  /**
   * A comparison.
   *
   * @param pairs times that both run
   * @param images images of a turn
   * @param seconds length of a turn of constant load
   */
  BaselineComparison(Checkout build, Checkout baseline, int pairs, long images, int seconds) {
    this.build = build;
    this.baseline = baseline;
    this.pairs = pairs;
    this.images = images;
    this.seconds = seconds;
  }

  /** Steps of the progress bar. */
  int steps() {
    return pairs * (2 * STAGE_PAIRS * MICRO_BATCHES.length + 4 + 2) + 6;
  }

  /** Runs all of it. */
  Section.Result run(ProgressBar bar) throws Exception {
    Table memory = memory(bar);
    stages(bar);
    Table latency;
    try (BrokerProcess broker = BrokerProcess.start();
        Topics topics =
            new Topics(KafkaAccess.to(broker.bootstrapServers()), build.work().threads())) {
      exactlyOnce(topics, bar);
      latency = latency(topics, bar);
    }
    return new Section.Result(List.of(speed(), loops(), latency, memory), targets(latency, memory));
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
    Contender batched = new MicroBatchLoop(BATCHED, build.work());
    Contender singly = new BareLoop(SINGLY, build.work());
    bar.setExtraMessage(EXACTLY_ONCE);
    try (CheckoutJob ours = CheckoutJob.start(build, topics, Delivery.EXACTLY_ONCE);
        CheckoutJob others = CheckoutJob.start(baseline, topics, Delivery.EXACTLY_ONCE)) {
      warmUp(ours, others);
      for (int pair = 0; pair < pairs; pair++) {
        inTurns(pair, EXACTLY_ONCE, () -> ours.take(images), () -> others.take(images), bar);
        for (Contender loop : List.of(batched, singly)) {
          note(loop.name(), loop.run(images).imagesPerCpuSecond(), Double.NaN);
          bar.step();
        }
      }
    }
  }

  /** Until neither job has become cheaper than its best for some turns in a row. */
  private void warmUp(CheckoutJob ours, CheckoutJob others) throws Exception {
    List<CheckoutJob> jobs = List.of(ours, others);
    double[] best = {Double.MAX_VALUE, Double.MAX_VALUE};
    int steady = 0;
    for (int turn = 0; turn < MOST_WARM_UPS && steady < STEADY; turn++) {
      steady++;
      for (int i = 0; i < best.length; i++) {
        double taken = jobs.get(i).take(images).cpuSecondsPerThousand();
        steady = taken < STILL_COMPILING * best[i] ? 0 : steady;
        best[i] = Math.min(best[i], taken);
      }
    }
  }

  private Table latency(Topics topics, ProgressBar bar) throws Exception {
    try (CheckoutJob ours = CheckoutJob.start(build, topics, Delivery.AT_LEAST_ONCE);
        CheckoutJob others = CheckoutJob.start(baseline, topics, Delivery.AT_LEAST_ONCE)) {
      bar.setExtraMessage("capacity");
      warmUp(ours, others);
      double alone = others.take(images).imagesPerSecond();
      bar.stepBy(2);
      double capacity = others.latencies(OVERLOAD * alone, seconds).servedPerSecond();
      ours.latencies(LOAD * capacity, seconds);
      bar.stepBy(2);
      List<Latencies> our = new ArrayList<>();
      List<Latencies> other = new ArrayList<>();
      for (int pair = 0; pair < pairs; pair++) {
        bar.setExtraMessage("latency");
        List<Turn> turns =
            turns(
                pair,
                () -> our.add(ours.latencies(LOAD * capacity, seconds)),
                () -> other.add(others.latencies(LOAD * capacity, seconds)));
        for (Turn turn : turns) {
          turn.run();
          bar.step();
        }
      }
      Table table =
          Table.of(
              "Latency at half of the baseline's capacity",
              ("At-least-once, open loop, %.0f images/s to both, half of what the baseline serves"
                      + " while more is offered (%.0f); from due to read back and to decided, in ms,"
                      + " medians of %d turns of %d s.")
                  .formatted(LOAD * capacity, capacity, pairs, seconds),
              "p50",
              "%.1f",
              "p99",
              "%.1f",
              "decided, p50",
              "%.1f",
              "decided, p99",
              "%.1f");
      table.row("baseline", millis(other));
      table.row(BUILD, millis(our));
      double[] ratios = millis(our);
      double[] others99 = millis(other);
      for (int i = 0; i < ratios.length; i++) {
        ratios[i] /= others99[i];
      }
      return table.row(OF_BASELINE, ratios);
    }
  }

  private static double[] millis(List<Latencies> turns) {
    return new double[] {
      median(turns, turn -> turn.readMillis(50)),
      median(turns, turn -> turn.readMillis(99)),
      median(turns, turn -> turn.decidedMillis(50)),
      median(turns, turn -> turn.decidedMillis(99))
    };
  }

  private static double median(List<Latencies> turns, ToDoubleFunction<Latencies> figure) {
    return Rounds.median(turns.stream().mapToDouble(figure).toArray());
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
            "this build",
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

  private double ratio(String row) {
    return Rounds.median(rates.get(row).stream().mapToDouble(both -> both[0] / both[1]).toArray());
  }

  private Table speed() {
    Table table =
        Table.of(
            "This build and the baseline",
            ("Images per CPU second, medians of the pairs, and the median of their ratios. Stages:"
                    + " each checkout's bundle, every image through the full network on one thread,"
                    + " in this build's loop, %d pairs behind a turn that warms up. Kafka to Kafka:"
                    + " each checkout's job in a process of its own, at the exits of its own bundle,"
                    + " behind turns that warm up until neither job takes less than before.")
                .formatted(STAGE_PAIRS * pairs),
            "baseline",
            "%.0f",
            "this build",
            "%.0f",
            "ratio",
            "%.2f");
    for (String row : rates.keySet()) {
      double ratio = ratio(row);
      if (!Double.isNaN(ratio)) {
        double other =
            Rounds.median(rates.get(row).stream().mapToDouble(both -> both[1]).toArray());
        table.row(row, other, ours(row), ratio);
      }
    }
    return table;
  }

  private Table loops() {
    Table table =
        Table.of(
            "Kafka to Kafka and the bare loop",
            "The job of this build, exactly-once, and a loop around its stages with the same exits"
                + " and decoded images, in turns: images per CPU second of the loop, and the job's"
                + " over it.",
            "loop",
            "%.0f",
            "job, of it",
            "%.2f");
    for (String loop : List.of(BATCHED, SINGLY)) {
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

  private List<Section.Target> targets(Table latency, Table memory) {
    double serviceMillis = 1e3 / ours(EXACTLY_ONCE);
    return List.of(
        target("stages, micro-batch 1, of the baseline's", 2.0, ratio(stages(1))),
        target("stages, micro-batch 8, of the baseline's", 2.5, ratio(stages(8))),
        target(EXACTLY_ONCE + ", of the baseline's", 2.2, ratio(EXACTLY_ONCE)),
        target(EXACTLY_ONCE + ", of the bare loop " + BATCHED, 0.85, ofLoop(BATCHED)),
        target("p99 of the baseline, of this build's", 3, 1 / figure(latency, OF_BASELINE, "p99")),
        target(
            "mean service time (%.2f ms) x 5, of the p99 until decided".formatted(serviceMillis),
            1,
            5 * serviceMillis / figure(latency, BUILD, "decided, p99")),
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
