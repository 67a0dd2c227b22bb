package io.boostnet.jobs.bench;

import java.util.Arrays;
import java.util.List;
import me.tongfei.progressbar.ProgressBar;

/**
 * Turns before those that count: until nothing that takes them has become cheaper than its best for
 * some turns in a row. A compiler at work takes processor time, and a core from the others.
 *
 * @param most turns of each, at most
 */
record WarmUp(int most) {

  private static final int STEADY = 3;
  private static final double CHEAPER = 0.96;

  /**
   * A turn.
   *
   * @param <T> what takes it
   */
  interface Turn<T> {

    /** Runs it, and returns the processor time that it took, in any unit. */
    double cost(T of) throws Exception;
  }

  /** Steps of the progress bar of one call. */
  int steps() {
    return most;
  }

  /** Runs them, all in turn. */
  <T> void run(List<T> all, Turn<T> turn, ProgressBar bar) throws Exception {
    double[] best = new double[all.size()];
    Arrays.fill(best, Double.MAX_VALUE);
    int turns = 0;
    for (int steady = 0; turns < most && steady < STEADY; turns++) {
      steady++;
      for (int i = 0; i < best.length; i++) {
        double cost = turn.cost(all.get(i));
        steady = cost < CHEAPER * best[i] ? 0 : steady;
        best[i] = Math.min(best[i], cost);
      }
      bar.step();
    }
    bar.stepBy(most - turns);
  }

  /** The turns in words. */
  String words() {
    return "warm-up turns until none of %d in a row took %.0f %% less than the best before, at most %d"
        .formatted(STEADY, 100 * (1 - CHEAPER), most);
  }
}
