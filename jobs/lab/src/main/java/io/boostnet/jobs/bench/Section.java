package io.boostnet.jobs.bench;

import java.util.List;
import me.tongfei.progressbar.ProgressBar;

/** A part of the report that can be run alone. */
interface Section {

  /** Steps of the progress bar that {@link #run} takes. */
  int steps();

  /** Measures; blocks until it is done. */
  Result run(ProgressBar bar) throws Exception;

  /**
   * What a section came to.
   *
   * @param tables its figures
   * @param targets what was aimed at
   */
  record Result(List<Table> tables, List<Target> targets) {}

  /**
   * A figure and what it should be at least.
   *
   * @param claim what the figure is
   * @param atLeast what it should be at least
   * @param found what it is
   */
  record Target(String claim, double atLeast, double found) {

    /** Whether the figure is what it should be. */
    public boolean isReached() {
      return found >= atLeast;
    }
  }
}
