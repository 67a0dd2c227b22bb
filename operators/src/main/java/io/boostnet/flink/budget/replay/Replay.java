package io.boostnet.flink.budget.replay;

import io.boostnet.flink.budget.Adjustment;
import io.boostnet.flink.budget.BudgetController;
import io.boostnet.flink.budget.ControlState;
import io.boostnet.flink.budget.ExitDistribution;
import io.boostnet.flink.budget.ExitWindow;
import io.boostnet.flink.budget.QuotaExchange;
import io.boostnet.flink.budget.QuotaUse;
import io.boostnet.flink.exit.Evidence;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleSupplier;
import org.apache.flink.annotation.Internal;

/**
 * A pipeline under a controller, step by step: images drawn from recorded evidence arrive at random
 * subtasks, wait their turn, run the stages, and leave as thresholds and quotas say; every interval
 * the controller sees the window and its changes reach all subtasks at once.
 *
 * <p>Everything follows from the random numbers handed in: with the same numbers for the arrivals,
 * every controller gets the same images at the same times. Not thread-safe.
 */
@Internal
public final class Replay {

  /** Time between two decisions of the controller, in milliseconds. */
  public static final long INTERVAL_MS = 250;

  private final Plant plant;
  private final Load load;
  private final BudgetController controller;
  private final DoubleSupplier arrivals;
  private final Map<Evidence, Deck> decks = new IdentityHashMap<>();
  private final List<SimulatedSubtask> subtasks = new ArrayList<>();
  private final List<Step> steps = new ArrayList<>();
  private ControlState state;
  private double nowMs;
  private double nextArrivalMs;

  /**
   * A replay at its start.
   *
   * @param arrivals numbers evenly spread over 0 .. 1, 1 not included: when which images arrive
   * @param stageTimes the same: how long the stages take
   */
  public Replay(
      Plant plant,
      Load load,
      BudgetController controller,
      DoubleSupplier arrivals,
      DoubleSupplier stageTimes) {
    this.plant = plant;
    this.load = load;
    this.controller = controller;
    this.arrivals = arrivals;
    this.state = controller.start();
    for (int i = 0; i < plant.subtasks(); i++) {
      subtasks.add(new SimulatedSubtask(plant, i, stageTimes, state));
    }
  }

  /** Goes on for a time. */
  public Replay run(double seconds) {
    for (int i = 0; i < seconds * 1000 / INTERVAL_MS; i++) {
      step();
    }
    return this;
  }

  /** Stops every subtask and starts it again: quotas start empty, waiting images stay. */
  public Replay restart() {
    subtasks.forEach(subtask -> subtask.restart(state));
    return this;
  }

  /** What it runs on. */
  public Plant plant() {
    return plant;
  }

  /** State of the controller. */
  public ControlState state() {
    return state;
  }

  /** All steps so far. */
  public List<Step> steps() {
    return List.copyOf(steps);
  }

  /** Steps that ended after a time and not after another, in seconds since the start. */
  public List<Step> between(double from, double to) {
    return steps.stream().filter(s -> s.seconds() > from && s.seconds() <= to).toList();
  }

  /**
   * What the steps between two times amount to.
   *
   * @throws IllegalArgumentException if no image left in them
   */
  public Summary summary(double from, double to) {
    List<Step> part = between(from, to);
    ExitDistribution exits =
        part.stream()
            .map(step -> step.window().exits())
            .reduce(ExitDistribution::plus)
            .filter(distribution -> distribution.images() > 0)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "no image left between %s s and %s s".formatted(from, to)));
    double images = exits.images();
    long[] ages = part.stream().mapToLong(step -> Math.round(step.waitingMs())).sorted().toArray();
    return new Summary(
        exits,
        exits.meanCost(plant.cost()),
        part.stream().mapToLong(Step::right).sum() / images,
        part.stream().mapToLong(step -> step.window().leaving().forced().images()).sum() / images,
        ages[(int) Math.ceil(0.99 * ages.length) - 1]);
  }

  /**
   * Cost of every image of a subtask since the start, in the order of arrival.
   *
   * @param subtask from 0
   */
  public double[] costs(int subtask) {
    return subtasks.get(subtask).costs();
  }

  /** Cost of every image since the start, in the order in which they were begun. */
  public double[] costs() {
    record Begun(double atMs, double cost) {}
    List<Begun> all = new ArrayList<>();
    for (SimulatedSubtask subtask : subtasks) {
      double[] atMs = subtask.startedMs();
      double[] costs = subtask.costs();
      for (int i = 0; i < costs.length; i++) {
        all.add(new Begun(atMs[i], costs[i]));
      }
    }
    return all.stream()
        .sorted(Comparator.comparingDouble(Begun::atMs))
        .mapToDouble(Begun::cost)
        .toArray();
  }

  private void step() {
    double endMs = nowMs + INTERVAL_MS;
    while (nextArrivalMs < endMs) {
      int subtask = (int) (arrivals.getAsDouble() * subtasks.size());
      Evidence evidence =
          load.partitions().of(load.evidence().apply(nextArrivalMs / 1000), subtask);
      int image = decks.computeIfAbsent(evidence, e -> new Deck(arrivals)).deal(evidence);
      double timestampMs = load.clock().timestampMs(subtask, nextArrivalMs);
      subtasks.get(subtask).arrive(nextArrivalMs, timestampMs, evidence, image);
      double perMs = load.imagesPerSecond().applyAsDouble(nextArrivalMs / 1000) / 1000;
      nextArrivalMs -= Math.log(1 - arrivals.getAsDouble()) / perMs;
    }
    long right = 0;
    List<ExitWindow> windows = new ArrayList<>();
    for (SimulatedSubtask subtask : subtasks) {
      right += subtask.serveUntil(endMs);
      windows.add(subtask.report(endMs));
    }
    nowMs = endMs;
    ExitWindow window = ExitWindow.merge(windows);
    Adjustment adjustment = controller.step(window, state);
    state = adjustment.next();
    if (adjustment.changed()) {
      subtasks.forEach(subtask -> subtask.takeOver(state));
    }
    lend();
    steps.add(new Step(nowMs / 1000, window, right, waitingMs(), adjustment));
  }

  private double waitingMs() {
    return subtasks.stream().mapToDouble(subtask -> subtask.waitingMs(nowMs)).max().orElse(0);
  }

  private void lend() {
    List<QuotaUse[]> uses = subtasks.stream().map(this::quotaUse).toList();
    double[][] grants = QuotaExchange.grants(uses, state.quotas().depth());
    for (int i = 0; i < grants.length; i++) {
      subtasks.get(i).grant(grants[i]);
    }
  }

  private QuotaUse[] quotaUse(SimulatedSubtask subtask) {
    boolean lent = controller.lendsTo(subtask.utilization());
    return lent ? subtask.quotaUse() : QuotaExchange.sparing(subtask.quotaUse());
  }

  /**
   * What several steps amount to.
   *
   * @param exits where the images left
   * @param meanCost mean cost of an image, as a share of the full network's
   * @param accuracy share of images predicted right
   * @param forcedShare share of images that left by force
   * @param slowBacklogAgeMs 99th percentile over the steps of the backlog's age, in milliseconds
   */
  public record Summary(
      ExitDistribution exits,
      double meanCost,
      double accuracy,
      double forcedShare,
      long slowBacklogAgeMs) {}
}
