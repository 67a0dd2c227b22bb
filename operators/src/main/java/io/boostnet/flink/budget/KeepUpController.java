package io.boostnet.flink.budget;

import io.boostnet.flink.budget.ControlState.Memory;
import java.util.Arrays;

/**
 * Spends what the stream leaves: the budget is the largest at which the subtasks serve the needed
 * rate.
 *
 * <pre>
 *   needed      = arrivals * (1 + max(0, backlog age - {@value #USUAL_AGE_MS} ms) / drain time)
 *   image(B)    = beside + sum over stages k of reach_k(B) * (slowness * t_k + beside)
 *   capacity(B) = {@value #LOAD} * 1e9 / image(B)
 *   allowed     = the largest B within min .. target with capacity(B) >= needed, else min
 * </pre>
 *
 * where arrivals are images per second of the stream's own time, so that they are right while it is
 * behind, of the subtask that has the most of them, since partitions are rarely alike; reach_k(B)
 * is the share of images that the frontier plans to run stage k; t_k is the measured time of an
 * image on stage k, in nanoseconds; beside is the time that keeps the thread busy beside the calls
 * of the networks, for each stop of an image on its way: reading, decoding and writing it are one,
 * every stage that it is handed to is one. A backlog of age a holds {@code arrivals * a} images,
 * hence the drain term. Arrivals fade with a time constant of {@value #ARRIVALS_SECONDS} s; those
 * {@value #LEAP} times as many as known, in a window of at least {@value #LEAP_IMAGES} images, are
 * believed at once.
 *
 * <p>The times of the stages relative to each other belong to the network and are learned with a
 * time constant of {@value #PROFILE_SECONDS} s; how fast the machine is at the moment is one factor
 * for all of them, so that it is known for stages as well that few images reach. What an image
 * costs on a quiet thread says little of what it will cost under load: it costs less there where
 * micro-batches are fuller and the thread is woken less often, and more where busy threads share a
 * core. So slowness and the time beside the stages are learned with a time constant of
 *
 * <pre>
 *   {@value #BUSY_SECONDS} s / w^2,   w = (u - {@value #QUIET}) / ({@value #LOAD} - {@value #QUIET}) within 0 .. 1
 * </pre>
 *
 * where u is the utilization of the busiest thread: as measured, or, if that is larger, as it was
 * to be at the budget in force by what was known. A thread that is quiet because the stream leaves
 * it time teaches nothing; one that is quieter than it was to be was known too dear. A window with
 * a pause in it counts by its images; one that was slower than {@value #MOST_RISE} times what is
 * known counts as that, since a stall of the machine is not its speed.
 *
 * <p>The budget falls to what is allowed at once where arrivals rose by more than {@value #URGENT}
 * since the last decision, or where the backlog is older than {@value #LATE_MS} ms. Otherwise it
 * goes there with a time constant of {@value #CALM_SECONDS} s, so that noise does not make it jump,
 * and rises by at most {@code (target - min) /} {@value #RESTORE_SECONDS} s per second: what was
 * needed a moment ago is likely to be needed again. Gaps under {@value #DEAD_BAND} of the budget
 * wait until they are larger. Because the target is not exceeded, a job there shows its true load
 * to an autoscaler.
 */
final class KeepUpController implements BudgetController {

  private static final long serialVersionUID = 1;

  private static final double LOAD = 0.9;
  private static final long USUAL_AGE_MS = 100;
  private static final long LATE_MS = 500;
  private static final double ARRIVALS_SECONDS = 0.5;
  private static final double LEAP = 1.25;
  private static final int LEAP_IMAGES = 50;
  private static final double BUSY_SECONDS = 1;
  private static final double QUIET = 0.7;
  private static final double MOST_RISE = 1.3;
  private static final double PROFILE_SECONDS = 8;
  private static final double RESTORE_SECONDS = 8;
  private static final double URGENT = 0.1;
  private static final double CALM_SECONDS = 1;
  private static final double DEAD_BAND = 0.02;
  private static final int HALVINGS = 20;

  private final Budget.KeepUp budget;
  private final Frontier frontier;
  private final ShareFeedback feedback;

  KeepUpController(Budget.KeepUp budget, Frontier frontier) {
    // Below its cheapest point the frontier has nothing to give, only a longer way back.
    double min = Math.max(budget.min(), frontier.leastCost());
    this.budget = budget.between(min, Math.max(min, budget.target()));
    this.frontier = frontier;
    this.feedback = new ShareFeedback(frontier);
  }

  @Override
  public ControlState start() {
    return feedback.start(budget.target());
  }

  @Override
  public Adjustment step(ExitWindow window, ControlState current) {
    Memory memory = remember(window, current);
    ControlState remembering = current.withMemory(memory);
    double urgency = urgency(window);
    double allowed = allowed(urgency * memory.mostArrivalsPerSecond(), memory);
    return feedback
        .toward(next(allowed, window, rose(memory, current), current.budget()), window, remembering)
        .at(frontier.priceAt(remembering.budget()), urgency * memory.arrivalsPerSecond());
  }

  private Memory remember(ExitWindow window, ControlState current) {
    Memory memory = feedback.remember(window, current);
    double seconds = secondsOfImages(window, memory);
    double usual = usualSeconds(window, current);
    double[] profile = memory.stageNanos();
    double seen = slownessOf(window, profile, memory);
    double slowness = learnSteadily(memory.slowness(), seen, seconds, usual);
    for (int i = 0; i < profile.length; i++) {
      long images = window.ran(i + 1);
      if (images > 0 && seen > 0) {
        double nanos = window.stageNanos()[i] / (images * seen);
        profile[i] = learn(profile[i], nanos, weight(seconds, PROFILE_SECONDS));
      }
    }
    double beside = memory.besideNanos();
    if (window.ran(1) > 0) {
      double onStages = Arrays.stream(window.stageNanos()).sum();
      double nanos = Math.max(0, window.busyNanos() - onStages) / stops(window);
      beside = learnSteadily(beside, nanos, seconds, usual);
    }
    double arrivals = arrivals(memory.arrivalsPerSecond(), window.arrivalsPerSecond(), window);
    double most = arrivals(memory.mostArrivalsPerSecond(), window.mostArrivalsPerSecond(), window);
    // The backlog says what was spent too much; paying back in cost would fight it.
    return new Memory(memory.confidences(), 0, profile, arrivals, most, beside, slowness);
  }

  private double usualSeconds(ExitWindow window, ControlState current) {
    Memory known = current.memory();
    double planned = LOAD * window.mostArrivalsPerSecond() / capacity(current.budget(), known);
    double utilization = Math.max(planned, window.mostUtilization());
    double load = Math.max(0, Math.min(1, (utilization - QUIET) / (LOAD - QUIET)));
    return BUSY_SECONDS / (load * load);
  }

  /** Of the stages whose times are known; as before where there is none. */
  private static double slownessOf(ExitWindow window, double[] profile, Memory memory) {
    double spent = 0;
    double expected = 0;
    for (int i = 0; i < profile.length; i++) {
      if (profile[i] > 0) {
        spent += window.stageNanos()[i];
        expected += window.ran(i + 1) * profile[i];
      }
    }
    return expected > 0 ? spent / expected : memory.slowness();
  }

  private static double stops(ExitWindow window) {
    long stops = window.ran(1);
    for (int stage = 1; stage <= window.stageNanos().length; stage++) {
      stops += window.ran(stage);
    }
    return stops;
  }

  /** How long its images usually take to come. */
  private static double secondsOfImages(ExitWindow window, Memory memory) {
    double usual = Math.max(window.servedPerSecond(), memory.arrivalsPerSecond());
    return window.ran(1) / Math.max(1, usual);
  }

  private static double weight(double seconds, double timeConstant) {
    return 1 - Math.exp(-seconds / timeConstant);
  }

  /**
   * One window in which the machine stalled says little of those to come; no window is much faster
   * than the machine. Nothing at all is no time: the calls were counted in another window.
   */
  private static double learnSteadily(double mean, double value, double seconds, double usual) {
    double steady = mean == 0 ? value : Math.min(value, MOST_RISE * mean);
    return learn(mean, steady, weight(seconds, usual));
  }

  private static double learn(double mean, double value, double weight) {
    return mean == 0 ? value : mean + weight * (value - mean);
  }

  private static double arrivals(double known, double seen, ExitWindow window) {
    if (seen > LEAP * known && window.images() >= LEAP_IMAGES) {
      return seen;
    }
    return learn(known, seen, weight(window.spanMs() / 1000.0, ARRIVALS_SECONDS));
  }

  /** How many times the arrivals must be served, for the backlog to drain. */
  private double urgency(ExitWindow window) {
    double behindMs = Math.max(0, window.backlogAgeMs() - USUAL_AGE_MS);
    return 1 + behindMs / budget.drain().toMillis();
  }

  private double allowed(double needed, Memory memory) {
    if (capacity(budget.target(), memory) >= needed) {
      return budget.target();
    }
    double low = budget.min();
    double high = budget.target();
    for (int i = 0; i < HALVINGS; i++) {
      double middle = (low + high) / 2;
      if (capacity(middle, memory) >= needed) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** Images per second and subtask; infinite until stage times are known. */
  private double capacity(double share, Memory memory) {
    double[] shares = frontier.sharesAt(share);
    double[] stageNanos = memory.stageNanos();
    double nanos = memory.besideNanos();
    double reaching = Arrays.stream(shares).sum();
    for (int i = 0; i < shares.length; i++) {
      nanos += reaching * (stageNanos[i] * memory.slowness() + memory.besideNanos());
      reaching -= shares[i];
    }
    return LOAD * 1e9 / nanos;
  }

  /** From nothing is no rise: the first windows of a job are slow, and say nothing of its load. */
  private static boolean rose(Memory memory, ControlState before) {
    double known = before.memory().mostArrivalsPerSecond();
    return known > 0 && memory.mostArrivalsPerSecond() > (1 + URGENT) * known;
  }

  private double next(double allowed, ExitWindow window, boolean rose, double before) {
    boolean late = window.backlogAgeMs() > LATE_MS;
    if (late || rose) {
      return Math.min(allowed, before);
    }
    if (Math.abs(allowed - before) >= DEAD_BAND * before) {
      double most = (budget.target() - budget.min()) * window.spanMs() / (1000 * RESTORE_SECONDS);
      double calm = 1 - Math.exp(-window.spanMs() / (1000 * CALM_SECONDS));
      return Math.min(before + calm * (allowed - before), before + most);
    }
    boolean atBound = allowed == budget.target() || allowed == budget.min();
    return atBound ? allowed : before;
  }
}
