package io.boostnet.flink.budget.replay;

import io.boostnet.flink.budget.ConfidenceHistogram;
import io.boostnet.flink.budget.ControlState;
import io.boostnet.flink.budget.ExitDistribution;
import io.boostnet.flink.budget.ExitWindow;
import io.boostnet.flink.budget.IntakeMeter;
import io.boostnet.flink.budget.Quota;
import io.boostnet.flink.budget.QuotaUse;
import io.boostnet.flink.budget.Weighting;
import io.boostnet.flink.exit.Evidence;
import io.boostnet.flink.exit.Thresholds;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.function.DoubleSupplier;

/** One subtask of a {@link Replay}: a queue, and the stages, one image at a time. */
final class SimulatedSubtask {

  private static final double NANOS_PER_MS = 1e6;

  /** Stage times vary evenly by this share. */
  private static final double NOISE = 0.1;

  /** Wall clocks do not start at 0, nor do those that are hours behind. */
  private static final long EPOCH_MS = 1_700_000_000_000L;

  private static final String TOPIC = "frames";

  private final Plant plant;
  private final int index;
  private final DoubleSupplier random;
  private final IntakeMeter intake = new IntakeMeter();
  private final int exits;
  private final Deque<Arrival> waiting = new ArrayDeque<>();
  private final ConfidenceHistogram.Recorder[] recorders;
  private final Quota[] quotas;
  private final long[] counts;
  private final long[] forced;
  private final long[] stageNanos;
  private Thresholds thresholds;
  private double freeMs;
  private double utilization;
  private long busyNanos;
  private byte[] exitsTaken = new byte[1024];
  private double[] startedMs = new double[1024];
  private int served;
  private long offset;

  private record Arrival(double atMs, double timestampMs, Evidence evidence, int image) {

    float confidence(int exit) {
      return evidence.confidence(exit, image);
    }
  }

  SimulatedSubtask(Plant plant, int index, DoubleSupplier random, ControlState state) {
    this.plant = plant;
    this.index = index;
    this.random = random;
    exits = plant.cost().exits();
    recorders = new ConfidenceHistogram.Recorder[exits - 1];
    Arrays.setAll(recorders, i -> new ConfidenceHistogram.Recorder());
    quotas = new Quota[exits - 1];
    counts = new long[exits];
    forced = new long[exits];
    stageNanos = new long[exits];
    restart(state);
  }

  void restart(ControlState state) {
    Arrays.setAll(quotas, i -> new Quota(state.quotas(), i + 1));
    takeOver(state);
  }

  void takeOver(ControlState state) {
    thresholds = state.thresholds();
    for (Quota quota : quotas) {
      quota.change(state.quotas());
    }
  }

  void arrive(double atMs, double timestampMs, Evidence evidence, int image) {
    waiting.add(new Arrival(atMs, timestampMs, evidence, image));
  }

  /** Works until a time, or until nothing waits; returns how many images it predicted right. */
  long serveUntil(double endMs) {
    long right = 0;
    while (!waiting.isEmpty() && Math.max(freeMs, waiting.peek().atMs()) < endMs) {
      Arrival arrival = waiting.poll();
      intake.taken(TOPIC, index, offset++, EPOCH_MS + (long) arrival.timestampMs());
      int exit = exitOf(arrival);
      right += arrival.evidence().correct(exit, arrival.image()) ? 1 : 0;
      freeMs = Math.max(freeMs, arrival.atMs()) + nanosTo(exit) / NANOS_PER_MS;
    }
    return right;
  }

  private int exitOf(Arrival arrival) {
    int exit = 1;
    while (exit < exits) {
      float confidence = arrival.confidence(exit);
      recorders[exit - 1].record(confidence);
      if (!quotas[exit - 1].continues(confidence, thresholds.at(exit))) {
        boolean kept = confidence == Weighting.KEPT;
        forced[exit - 1] += kept || !thresholds.leaves(exit, confidence) ? 1 : 0;
        break;
      }
      exit++;
    }
    counts[exit - 1]++;
    if (served == exitsTaken.length) {
      exitsTaken = Arrays.copyOf(exitsTaken, 2 * served);
      startedMs = Arrays.copyOf(startedMs, 2 * served);
    }
    startedMs[served] = Math.max(freeMs, arrival.atMs());
    exitsTaken[served++] = (byte) exit;
    return exit;
  }

  private double nanosTo(int exit) {
    double spent = plant.hiddenNanos();
    for (int stage = 1; stage <= exit; stage++) {
      double noise = 1 + NOISE * (2 * random.getAsDouble() - 1);
      double nanos = plant.cost().ofStage(stage) * plant.fullNanos() * noise;
      stageNanos[stage - 1] += (long) nanos;
      spent += nanos;
    }
    busyNanos += (long) spent;
    return spent;
  }

  /** What happened since the last report. */
  ExitWindow report(double endMs) {
    long spanNanos = (long) (Replay.INTERVAL_MS * NANOS_PER_MS);
    // An image that is still worked on has not been busy yet for all of its time.
    long busy = busyNanos - Math.round(Math.max(0, freeMs - endMs) * NANOS_PER_MS);
    utilization = Math.min(1, (double) busy / spanNanos);
    ExitWindow window =
        new ExitWindow(
            (long) endMs,
            Replay.INTERVAL_MS,
            1,
            new ExitWindow.Leaving(
                ExitDistribution.of(counts),
                ExitDistribution.of(forced),
                Arrays.stream(recorders).map(ConfidenceHistogram.Recorder::drain).toList()),
            new ExitWindow.Work(stageNanos, new long[exits], busy),
            intake.drain(spanNanos, busy, EPOCH_MS + (long) endMs));
    Arrays.fill(counts, 0);
    Arrays.fill(forced, 0);
    Arrays.fill(stageNanos, 0);
    busyNanos -= busy;
    return window;
  }

  /** Share of the last window that it was busy. */
  double utilization() {
    return utilization;
  }

  QuotaUse[] quotaUse() {
    return Arrays.stream(quotas).map(Quota::use).toArray(QuotaUse[]::new);
  }

  void grant(double[] tokens) {
    for (int i = 0; i < tokens.length; i++) {
      quotas[i].grant(tokens[i]);
    }
  }

  /** Age of the oldest image that waits, in milliseconds. */
  double waitingMs(double nowMs) {
    return waiting.isEmpty() ? 0 : nowMs - waiting.peek().atMs();
  }

  /** When each image was begun, in milliseconds. */
  double[] startedMs() {
    return Arrays.copyOf(startedMs, served);
  }

  double[] costs() {
    double[] costs = new double[served];
    Arrays.setAll(costs, i -> plant.cost().atExit(exitsTaken[i]));
    return costs;
  }
}
