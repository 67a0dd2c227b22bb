package io.boostnet.jobs.bench;

import io.boostnet.jobs.serve.Delivery;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import me.tongfei.progressbar.ProgressBar;

/**
 * How late the predictions of this build's job, of another one's, and of Kafka alone are, at half
 * of what the other one serves. One process of each lives over all turns, and stands still in those
 * of the others.
 */
final class LatencyComparison {

  static final String BUILD = "this build";
  static final String P99_OF_BASELINE = "p99, of the baseline's";
  static final String DECIDED_P99 = "decided, p99";

  /** Longest turn: three of them, while a job stands still, are within Flink's 50 s. */
  static final int MOST_SECONDS = 14;

  private static final double OVERLOAD = 1.3;
  private static final double LOAD = 0.5;

  private final Checkout build;
  private final Checkout baseline;
  private final int pairs;
  private final long images;
  private final int seconds;
  private final WarmUp warmUp;

  /**
   * A comparison.
   *
   * @param pairs times that all run
   * @param images images of a turn of the first warm-up
   * @param seconds length of a turn of constant load
   */
  LatencyComparison(
      Checkout build, Checkout baseline, int pairs, long images, int seconds, WarmUp warmUp) {
    this.build = build;
    this.baseline = baseline;
    this.pairs = pairs;
    this.images = images;
    this.seconds = seconds;
    this.warmUp = warmUp;
  }

  /** Steps of the progress bar. */
  int steps() {
    return 2 * warmUp.steps() + 1 + 3 * pairs;
  }

  /** Runs all of it. */
  Table run(Topics topics, ProgressBar bar) throws Exception {
    try (ServingProcess our = ServingProcess.job(build, topics, Delivery.AT_LEAST_ONCE);
        ServingProcess other = ServingProcess.job(baseline, topics, Delivery.AT_LEAST_ONCE);
        ServingProcess relay = ServingProcess.relay(build, topics)) {
      bar.setExtraMessage("warm-up: capacity");
      warmUp.run(List.of(our, other), job -> job.take(images).cpuSecondsPerThousand(), bar);
      double alone = other.take(images).imagesPerSecond();
      double capacity = other.latencies(OVERLOAD * alone, seconds).servedPerSecond();
      bar.step();
      double rate = LOAD * capacity;
      for (ServingProcess process : List.of(our, other, relay)) {
        process.pause();
      }
      bar.setExtraMessage("warm-up: latency");
      warmUp.run(List.of(our, other, relay), process -> cpuSecondsAt(rate, process), bar);
      bar.setExtraMessage("latency");
      Map<ServingProcess, List<Latencies>> turns = new HashMap<>();
      for (int pair = 0; pair < pairs; pair++) {
        List<ServingProcess> order =
            pair % 2 == 0 ? List.of(other, our, relay) : List.of(our, other, relay);
        for (ServingProcess process : order) {
          turns.computeIfAbsent(process, any -> new ArrayList<>()).add(turn(rate, process));
          bar.step();
        }
      }
      Table table = table(rate, capacity);
      row(table, "baseline", turns.get(other), turns.get(other));
      row(table, BUILD, turns.get(our), turns.get(other));
      row(table, "Kafka alone", turns.get(relay), turns.get(other));
      return table;
    }
  }

  private double cpuSecondsAt(double rate, ServingProcess process) throws Exception {
    double before = process.cpuSeconds();
    turn(rate, process);
    return process.cpuSeconds() - before;
  }

  /** A turn of a process that stands still before and after. */
  private Latencies turn(double rate, ServingProcess process) throws Exception {
    process.resume();
    Latencies latencies = process.latencies(rate, seconds);
    process.pause();
    return latencies;
  }

  private Table table(double rate, double capacity) {
    return Table.of(
        "Latency at half of the baseline's capacity",
        ("At-least-once, open loop, %.0f images/s to all, half of what the baseline serves while"
                + " more is offered (%.0f); from due to read back and to decided, in ms, medians"
                + " of %d turns of %d s of one process each, the others standing still, and the"
                + " median of the turns' ratios. Before them, at that load: %s. Kafka alone: a"
                + " process that answers every frame at once, without Flink, decoded image or"
                + " neural network.")
            .formatted(rate, capacity, pairs, seconds, warmUp.words()),
        "p50",
        "%.1f",
        "p99",
        "%.1f",
        "decided, p50",
        "%.1f",
        DECIDED_P99,
        "%.1f",
        P99_OF_BASELINE,
        "%.2f");
  }

  private void row(Table table, String name, List<Latencies> turns, List<Latencies> baselines) {
    double[] ratios = new double[pairs];
    for (int pair = 0; pair < pairs; pair++) {
      ratios[pair] = turns.get(pair).readMillis(99) / baselines.get(pair).readMillis(99);
    }
    table.row(
        name,
        median(turns, turn -> turn.readMillis(50)),
        median(turns, turn -> turn.readMillis(99)),
        median(turns, turn -> turn.decidedMillis(50)),
        median(turns, turn -> turn.decidedMillis(99)),
        turns == baselines ? Double.NaN : Rounds.median(ratios));
  }

  private static double median(List<Latencies> turns, ToDoubleFunction<Latencies> figure) {
    return Rounds.median(turns.stream().mapToDouble(figure).toArray());
  }
}
