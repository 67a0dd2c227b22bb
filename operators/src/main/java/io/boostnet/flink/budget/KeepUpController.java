package io.boostnet.flink.budget;

import io.boostnet.flink.budget.ControlState.Memory;
import java.util.Arrays;

/**
 * Spends what the stream leaves: the budget is the largest at which the subtasks serve the needed
 * rate.
 *
 * <pre>
 *   needed(t)   = arrivals * (1 + max(0, backlog age - {@value #TOLERATED_AGE_MS} ms) / drain time)
 *   capacity(B) = subtasks * {@value #LOAD} * 1e9 / (beside + sum over stages k of reach_k(B) * t_k)
 *   allowed     = the largest B within min .. target with capacity(B) >= needed, else min
 * </pre>
 *
 * where arrivals are images per second of the stream's own time, so that they are right while it is
 * behind; reach_k(B) is the share of images that the frontier plans to run stage k; t_k is the
 * measured time of an image on stage k, in nanoseconds; beside is the time of an image that keeps
 * the thread busy beside the stages: reading, decoding, writing. A backlog of age a holds {@code
 * arrivals * a} images, hence the drain term. Arrivals fade with a time constant of {@value
 * #ARRIVALS_SECONDS} s.
 *
 * <p>An image costs less time on a busy thread, whose micro-batches are fuller and which is woken
 * less often. So times are learned with a time constant of {@value #BUSY_SECONDS} s from windows
 * with a utilization above {@value #BUSY}, and of {@value #QUIET_SECONDS} s from others; a window
 * with a pause in it counts by its images.
 *
 * <p>The budget falls to what is allowed at once where that is more than {@value #URGENT} of it
 * below, or where the backlog is older than tolerated. Otherwise it goes there with a time constant
 * of {@value #CALM_SECONDS} s, so that noise does not make it jump, and rises by at most {@code
 * (target - min) /} {@value #RESTORE_SECONDS} s per second: what was needed a moment ago is likely
 * to be needed again. Changes under {@value #DEAD_BAND} of the budget wait until they are larger.
 * Because the target is not exceeded, a job there shows its true load to an autoscaler.
 */
final class KeepUpController implements BudgetController {

  private static final long serialVersionUID = 1;

  private static final double LOAD = 0.9;
  private static final long TOLERATED_AGE_MS = 500;
  private static final double ARRIVALS_SECONDS = 0.5;
  private static final double BUSY = 0.7;
  private static final double BUSY_SECONDS = 1;
  private static final double QUIET_SECONDS = 20;
  private static final double RESTORE_SECONDS = 8;
  private static final double URGENT = 0.1;
  private static final double CALM_SECONDS = 1;
  private static final double DEAD_BAND = 0.01;
  private static final int HALVINGS = 20;

  private final Budget.KeepUp budget;
  private final Frontier frontier;
  private final ShareFeedback feedback;

  KeepUpController(Budget.KeepUp budget, Frontier frontier) {
    this.budget = budget;
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
    double needed = needed(window, memory);
    double allowed = allowed(needed, window.subtasks(), memory);
    return feedback
        .toward(next(allowed, window, current.budget()), window, remembering)
        .at(frontier.priceAt(remembering.budget()), needed);
  }

  private Memory remember(ExitWindow window, ControlState current) {
    Memory memory = feedback.remember(window, current);
    double[] nanos = memory.stageNanos();
    double weight = weightOfTimes(window, memory);
    for (int i = 0; i < nanos.length; i++) {
      long images = window.exits().reached(i + 1);
      nanos[i] = learn(nanos[i], window.stageNanos()[i], images, weight);
    }
    long besideNanos = window.busyNanos() - Arrays.stream(window.stageNanos()).sum();
    double beside = learn(memory.besideNanos(), Math.max(0, besideNanos), window.images(), weight);
    double arrivals = fade(memory.arrivalsPerSecond(), window.arrivalsPerSecond(), window.spanMs());
    // The backlog says what was spent too much; paying back in cost would fight it.
    return new Memory(memory.confidences(), 0, nanos, arrivals, beside);
  }

  private static double weightOfTimes(ExitWindow window, Memory memory) {
    double usual = Math.max(window.servedPerSecond(), memory.arrivalsPerSecond());
    double seconds = window.images() / Math.max(1, usual);
    return 1 - Math.exp(-seconds / (window.utilization() > BUSY ? BUSY_SECONDS : QUIET_SECONDS));
  }

  private static double learn(double mean, long nanos, long images, double weight) {
    if (images == 0) {
      return mean;
    }
    return mean + (mean == 0 ? 1 : weight) * ((double) nanos / images - mean);
  }

  private static double fade(double arrivals, double seen, long spanMs) {
    double weight = arrivals == 0 ? 1 : 1 - Math.exp(-spanMs / (1000 * ARRIVALS_SECONDS));
    return arrivals + weight * (seen - arrivals);
  }

  private double needed(ExitWindow window, Memory memory) {
    double behindMs = Math.max(0, window.backlogAgeMs() - TOLERATED_AGE_MS);
    return memory.arrivalsPerSecond() * (1 + behindMs / budget.drain().toMillis());
  }

  private double allowed(double needed, int subtasks, Memory memory) {
    if (capacity(budget.target(), subtasks, memory) >= needed) {
      return budget.target();
    }
    double low = budget.min();
    double high = budget.target();
    for (int i = 0; i < HALVINGS; i++) {
      double middle = (low + high) / 2;
      if (capacity(middle, subtasks, memory) >= needed) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** Images per second; infinite until stage times are known. */
  private double capacity(double share, int subtasks, Memory memory) {
    double[] shares = frontier.sharesAt(share);
    double[] stageNanos = memory.stageNanos();
    double nanos = memory.besideNanos();
    double reaching = Arrays.stream(shares).sum();
    for (int i = 0; i < shares.length; i++) {
      nanos += reaching * stageNanos[i];
      reaching -= shares[i];
    }
    return subtasks * LOAD * 1e9 / nanos;
  }

  private double next(double allowed, ExitWindow window, double before) {
    boolean late = window.backlogAgeMs() > TOLERATED_AGE_MS;
    if (late || allowed < (1 - URGENT) * before) {
      return Math.min(allowed, before);
    }
    double step = (budget.target() - budget.min()) * window.spanMs() / (1000 * RESTORE_SECONDS);
    double calm = 1 - Math.exp(-window.spanMs() / (1000 * CALM_SECONDS));
    double next = Math.min(before + calm * (allowed - before), before + step);
    if (Math.abs(next - before) >= DEAD_BAND * before) {
      return next;
    }
    boolean atBound = allowed == budget.target() || allowed == budget.min();
    return atBound ? allowed : before;
  }
}
