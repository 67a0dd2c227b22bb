package io.boostnet.flink.budget.replay;

import io.boostnet.flink.budget.ConfidenceHistogram;
import io.boostnet.flink.budget.ControlState;
import io.boostnet.flink.budget.ExitDistribution;
import io.boostnet.flink.budget.ExitWindow;
import io.boostnet.flink.budget.Quota;
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

  private final Plant plant;
  private final DoubleSupplier random;
  private final int exits;
  private final Deque<Arrival> waiting = new ArrayDeque<>();
  private final ConfidenceHistogram.Recorder[] recorders;
  private final Quota[] quotas;
  private final long[] counts;
  private final long[] stageNanos;
  private Thresholds thresholds;
  private double freeMs;
  private double firstMs;
  private double lastMs;
  private long forced;
  private long busyNanos;
  private byte[] exitsTaken = new byte[1024];
  private int served;

  private record Arrival(double atMs, Evidence evidence, int image) {

    float confidence(int exit) {
      return evidence.confidence(exit, image);
    }
  }

  SimulatedSubtask(Plant plant, DoubleSupplier random, ControlState state) {
    this.plant = plant;
    this.random = random;
    exits = plant.cost().exits();
    recorders = new ConfidenceHistogram.Recorder[exits - 1];
    Arrays.setAll(recorders, i -> new ConfidenceHistogram.Recorder());
    quotas = new Quota[exits - 1];
    counts = new long[exits];
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

  void arrive(double atMs, Evidence evidence, int image) {
    waiting.add(new Arrival(atMs, evidence, image));
  }

  /** Works until a time, or until nothing waits; returns how many images it predicted right. */
  long serveUntil(double endMs) {
    long right = 0;
    boolean first = true;
    while (!waiting.isEmpty() && Math.max(freeMs, waiting.peek().atMs()) < endMs) {
      Arrival arrival = waiting.poll();
      lastMs = arrival.atMs();
      firstMs = first ? lastMs : firstMs;
      first = false;
      int exit = exitOf(arrival);
      right += arrival.evidence().correct(exit, arrival.image()) ? 1 : 0;
      freeMs = Math.max(freeMs, lastMs) + nanosTo(exit) / NANOS_PER_MS;
    }
    return right;
  }

  private int exitOf(Arrival arrival) {
    int exit = 1;
    while (exit < exits) {
      float confidence = arrival.confidence(exit);
      recorders[exit - 1].record(confidence);
      if (!quotas[exit - 1].continues(confidence, thresholds.at(exit))) {
        forced += thresholds.leaves(exit, confidence) ? 0 : 1;
        break;
      }
      exit++;
    }
    counts[exit - 1]++;
    if (served == exitsTaken.length) {
      exitsTaken = Arrays.copyOf(exitsTaken, 2 * served);
    }
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
    ExitDistribution left = ExitDistribution.of(counts);
    double perSecond = left.images() > 1 ? 1000 * (left.images() - 1) / (lastMs - firstMs) : 0;
    double oldestMs = waiting.isEmpty() ? endMs : waiting.peek().atMs();
    ExitWindow window =
        new ExitWindow(
            (long) endMs,
            Replay.INTERVAL_MS,
            1,
            new ExitWindow.Leaving(
                left,
                forced,
                Arrays.stream(recorders).map(ConfidenceHistogram.Recorder::drain).toList()),
            new ExitWindow.Work(stageNanos, new long[exits], busyNanos),
            ExitWindow.Intake.ofSubtask(perSecond, (long) Math.max(0, endMs - oldestMs)));
    Arrays.fill(counts, 0);
    Arrays.fill(stageNanos, 0);
    busyNanos = 0;
    forced = 0;
    return window;
  }

  double[] costs() {
    double[] costs = new double[served];
    Arrays.setAll(costs, i -> plant.cost().atExit(exitsTaken[i]));
    return costs;
  }
}
