package io.boostnet.flink.budget;

import io.boostnet.flink.exit.Calibration;
import io.boostnet.flink.model.StageCost;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;

/**
 * A pipeline under a controller, without Flink: images drawn from evidence arrive at the subtasks
 * in turn, wait, run the stages one at a time, and leave as thresholds and quotas say.
 *
 * <p>Drift raises confidences to a power, other at each exit: their order stays. Everything follows
 * from the seed.
 */
final class SimulatedPipeline {

  static final long INTERVAL_MS = 250;

  private static final double MS = 1e6;

  private final Calibration evidence;
  private final StageCost cost;
  private final BudgetController controller;
  private final Random random;
  private final List<Subtask> subtasks = new ArrayList<>();
  private final List<Step> steps = new ArrayList<>();
  private final double fullNanos;

  private ControlState state;
  private double hiddenNanos;
  private double nowMs;
  private double nextArrivalMs;
  private DoubleUnaryOperator rate = seconds -> 100;
  private DoubleUnaryOperator drift = seconds -> 1;

  /** What a window held and what was decided on it. */
  record Step(double seconds, ExitWindow window, Adjustment adjustment, double accuracy) {}

  /**
   * A pipeline.
   *
   * @param fullNanos time of an image that runs all stages; each takes its share of the cost
   */
  SimulatedPipeline(
      Calibration evidence,
      StageCost cost,
      BudgetController controller,
      int parallelism,
      double fullNanos,
      long seed) {
    this.evidence = evidence;
    this.cost = cost;
    this.controller = controller;
    this.fullNanos = fullNanos;
    this.random = new Random(seed);
    this.state = controller.start();
    for (int i = 0; i < parallelism; i++) {
      subtasks.add(new Subtask());
    }
  }

  SimulatedPipeline withRate(DoubleUnaryOperator imagesPerSecond) {
    this.rate = imagesPerSecond;
    return this;
  }

  /** Sets a time per image that no stage accounts for. */
  SimulatedPipeline withHiddenNanos(double nanos) {
    this.hiddenNanos = nanos;
    return this;
  }

  /** Sets the power to which confidences are raised; 1 leaves them. */
  SimulatedPipeline withDrift(DoubleUnaryOperator power) {
    this.drift = power;
    return this;
  }

  /** Runs on for a time. */
  SimulatedPipeline run(int seconds) {
    for (int i = 0; i < seconds * 1000 / INTERVAL_MS; i++) {
      step();
    }
    return this;
  }

  /** Stops every subtask and starts it again: buckets are empty, waiting images stay. */
  void restart() {
    subtasks.forEach(Subtask::restart);
  }

  List<Step> steps() {
    return steps;
  }

  ControlState state() {
    return state;
  }

  /** Steps that ended after a time and not after another, in seconds. */
  List<Step> between(double from, double to) {
    return steps.stream().filter(s -> s.seconds() > from && s.seconds() <= to).toList();
  }

  double meanCost(double from, double to) {
    return between(from, to).stream()
        .map(step -> step.window().exits())
        .reduce(ExitDistribution::plus)
        .orElseThrow()
        .meanCost(cost);
  }

  double accuracy(double from, double to) {
    double right = 0;
    double images = 0;
    for (Step step : between(from, to)) {
      right += step.accuracy() * step.window().images();
      images += step.window().images();
    }
    return right / images;
  }

  double forcedShare(double from, double to) {
    double forced = between(from, to).stream().mapToDouble(s -> s.window().forced()).sum();
    return forced / between(from, to).stream().mapToDouble(s -> s.window().images()).sum();
  }

  /** Cost of every image of a subtask, in order. */
  List<Double> costs(int subtask) {
    return subtasks.get(subtask).costs;
  }

  private void step() {
    double endMs = nowMs + INTERVAL_MS;
    while (nextArrivalMs < endMs) {
      subtasks.get(random.nextInt(subtasks.size())).waiting.add(nextArrivalMs);
      double perMs = rate.applyAsDouble(nextArrivalMs / 1000) / 1000;
      nextArrivalMs += -Math.log(1 - random.nextDouble()) / perMs;
    }
    nowMs = endMs;
    subtasks.forEach(subtask -> subtask.serveUntil(endMs));
    double right = subtasks.stream().mapToInt(subtask -> subtask.right).sum();
    ExitWindow window = ExitWindow.merge(subtasks.stream().map(Subtask::report).toList());
    Adjustment adjustment = controller.step(window, state);
    state = adjustment.next();
    if (adjustment.changed()) {
      subtasks.forEach(Subtask::takeOver);
    }
    steps.add(new Step(nowMs / 1000, window, adjustment, right / Math.max(1, window.images())));
  }

  private final class Subtask {

    private final Deque<Double> waiting = new ArrayDeque<>();
    private final List<Double> costs = new ArrayList<>();
    private final int exits = cost.exits();
    private final ConfidenceHistogram.Recorder[] recorders =
        new ConfidenceHistogram.Recorder[exits - 1];
    private final long[] counts = new long[exits];
    private final long[] nanos = new long[exits];
    private final Quota[] quotas = new Quota[exits - 1];
    private double freeMs;
    private double firstMs;
    private double lastMs;
    private int right;
    private long forced;

    Subtask() {
      Arrays.setAll(recorders, i -> new ConfidenceHistogram.Recorder());
      restart();
    }

    void restart() {
      Arrays.setAll(quotas, i -> new Quota(state.quotas(), i + 1));
    }

    void takeOver() {
      for (Quota quota : quotas) {
        quota.change(state.quotas());
      }
    }

    void serveUntil(double endMs) {
      right = 0;
      while (!waiting.isEmpty() && Math.max(freeMs, waiting.peek()) < endMs) {
        double arrivedMs = waiting.poll();
        firstMs = Arrays.stream(counts).sum() == 0 ? arrivedMs : firstMs;
        lastMs = arrivedMs;
        freeMs = Math.max(freeMs, arrivedMs) + serve() / MS;
      }
    }

    /** Takes an image through the stages; gives the time in nanoseconds. */
    private double serve() {
      int image = random.nextInt(evidence.images());
      double power = drift.applyAsDouble(nowMs / 1000);
      double spent = hiddenNanos;
      int exit = 1;
      while (true) {
        double stage = cost.ofStage(exit) * fullNanos * (0.9 + 0.2 * random.nextDouble());
        nanos[exit - 1] += (long) stage;
        spent += stage;
        if (exit == exits) {
          break;
        }
        float confidence =
            (float) Math.pow(evidence.confidence(exit, image), 1 + (power - 1) / Math.sqrt(exit));
        recorders[exit - 1].record(confidence);
        double threshold = state.thresholds().at(exit);
        if (!quotas[exit - 1].continues(confidence, threshold)) {
          forced += confidence < threshold ? 1 : 0;
          break;
        }
        exit++;
      }
      counts[exit - 1]++;
      costs.add(cost.atExit(exit));
      right += evidence.correct(exit, image) ? 1 : 0;
      return spent;
    }

    ExitWindow report() {
      long images = Arrays.stream(counts).sum();
      double perSecond = images > 1 ? 1000 * (images - 1) / (lastMs - firstMs) : 0;
      double oldest = waiting.isEmpty() ? nowMs : waiting.peek();
      ExitWindow window =
          new ExitWindow(
              (long) nowMs,
              INTERVAL_MS,
              1,
              ExitDistribution.of(counts),
              forced,
              Arrays.stream(recorders).map(ConfidenceHistogram.Recorder::drain).toList(),
              nanos,
              new long[exits],
              perSecond,
              (long) (nowMs - Math.min(oldest, nowMs)));
      Arrays.fill(counts, 0);
      Arrays.fill(nanos, 0);
      forced = 0;
      return window;
    }
  }
}
