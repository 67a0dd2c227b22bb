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
import java.util.function.ToDoubleFunction;
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

  /** Turns that warm up, at most; those without gain that end it; and what is no gain. */
  private static final int MOST_WARM_UPS = 16;

  private static final int STEADY = 3;

  private static final double STILL_COMPILING = 0.96;
  private static final double OVERLOAD = 1.3;
  private static final double LOAD = 0.5;
  private static final String EXACTLY_ONCE = "Kafka to Kafka, exactly-once";
  private static final String SINGLY = "image by image";
  private static final String BATCHED = "in the same micro-batches";
  private static final String DECODING = "the same, with the images to decode";
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
    return pairs * (2 * STAGE_PAIRS * MICRO_BATCHES.length + 2 + 3 + 3) + 6;
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
    List<Contender> loops =
        List.of(
            new MicroBatchLoop(BATCHED, build.work()),
            MicroBatchLoop.decoding(DECODING, build.work()),
            new BareLoop(SINGLY, build.work()));
    for (int pair = 0; pair < pairs; pair++) {
      bar.setExtraMessage("warm-up: " + EXACTLY_ONCE);
      try (ServingProcess ours = ServingProcess.job(build, topics, Delivery.EXACTLY_ONCE);
          ServingProcess others = ServingProcess.job(baseline, topics, Delivery.EXACTLY_ONCE)) {
        warmUp(this::costOfImages, ours, others);
        bar.setExtraMessage(EXACTLY_ONCE);
        inTurns(pair, EXACTLY_ONCE, () -> ours.take(images), () -> others.take(images), bar);
        for (Contender loop : loops) {
          note(loop.name(), loop.run(images).imagesPerCpuSecond(), Double.NaN);
          bar.step();
        }
      }
    }
  }

  /** What a turn takes of a process. */
  private interface Cost {
    double of(ServingProcess process) throws Exception;
  }

  /** Until none of the processes has become cheaper than its best for some turns in a row. */
  private static void warmUp(Cost turn, ServingProcess... processes) throws Exception {
    double[] best = new double[processes.length];
    Arrays.fill(best, Double.MAX_VALUE);
    int steady = 0;
    for (int turns = 0; turns < MOST_WARM_UPS && steady < STEADY; turns++) {
      steady++;
      for (int i = 0; i < best.length; i++) {
        double taken = turn.of(processes[i]);
        steady = taken < STILL_COMPILING * best[i] ? 0 : steady;
        best[i] = Math.min(best[i], taken);
      }
    }
  }

  private double costOfImages(ServingProcess process) throws Exception {
    return process.take(images).cpuSecondsPerThousand();
  }

  private Table latency(Topics topics, ProgressBar bar) throws Exception {
    try (ServingProcess ours = ServingProcess.job(build, topics, Delivery.AT_LEAST_ONCE);
        ServingProcess others = ServingProcess.job(baseline, topics, Delivery.AT_LEAST_ONCE);
        ServingProcess relay = ServingProcess.relay(build, topics)) {
      bar.setExtraMessage("capacity");
      warmUp(this::costOfImages, ours, others);
      double alone = others.take(images).imagesPerSecond();
      bar.step();
      double capacity = others.latencies(OVERLOAD * alone, seconds).servedPerSecond();
      bar.step();
      bar.setExtraMessage("warm-up: latency");
      double rate = LOAD * capacity;
      warmUp(
          process -> {
            double before = process.cpuSeconds();
            process.latencies(rate, seconds);
            return process.cpuSeconds() - before;
          },
          ours,
          others,
          relay);
      bar.stepBy(2);
      Map<ServingProcess, List<Latencies>> measured = new LinkedHashMap<>();
      List<ServingProcess> order = new ArrayList<>(List.of(others, ours, relay));
      order.forEach(process -> measured.put(process, new ArrayList<>()));
      bar.setExtraMessage("latency");
      for (int pair = 0; pair < pairs; pair++) {
        for (ServingProcess process : order) {
          measured.get(process).add(process.latencies(rate, seconds));
          bar.step();
        }
        Collections.reverse(order);
      }
      double[] baselines = millis(measured.get(others));
      double[] ratios = millis(measured.get(ours));
      for (int i = 0; i < ratios.length; i++) {
        ratios[i] /= baselines[i];
      }
      return Table.of(
              "Latency at half of the baseline's capacity",
              ("At-least-once, open loop, %.0f images/s to all, half of what the baseline serves"
                      + " while more is offered (%.0f); from due to read back and to decided, in ms,"
                      + " medians of %d turns of %d s, behind turns that warm up until no process"
                      + " takes less processor time than before: a compiler at work takes a core"
                      + " for many milliseconds. Kafka alone: a process that answers every frame at"
                      + " once, without Flink, image or network.")
                  .formatted(rate, capacity, pairs, seconds),
              "p50",
              "%.1f",
              "p99",
              "%.1f",
              "decided, p50",
              "%.1f",
              "decided, p99",
              "%.1f")
          .row("baseline", baselines)
          .row(BUILD, millis(measured.get(ours)))
          .row("Kafka alone", millis(measured.get(relay)))
          .row(OF_BASELINE, ratios);
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
            BUILD,
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
                    + " pairs, each with two new processes behind turns that warm them up until"
                    + " neither takes less than before.")
                .formatted(STAGE_PAIRS * pairs, pairs),
            "baseline",
            "%.0f",
            BUILD,
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
    for (String loop : List.of(BATCHED, DECODING, SINGLY)) {
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
