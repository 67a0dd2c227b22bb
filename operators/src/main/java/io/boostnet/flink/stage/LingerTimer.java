package io.boostnet.flink.stage;

import java.time.Duration;
import org.apache.flink.api.common.operators.ProcessingTimeService;
import org.apache.flink.util.function.ThrowingRunnable;

/**
 * Runs a micro-batch when its first row has waited for the linger. There is one timer at a time: it
 * may be that of a micro-batch before, which was full in time, and is then set anew for the rest.
 * For the task's thread.
 */
final class LingerTimer {

  private static final long NEVER = Long.MAX_VALUE;

  private final ProcessingTimeService clock;
  private final long lingerMs;
  private final ThrowingRunnable<Exception> flush;
  private long dueMs = NEVER;
  private boolean set;

  /**
   * A timer.
   *
   * @param flush runs what waits
   */
  LingerTimer(ProcessingTimeService clock, Duration linger, ThrowingRunnable<Exception> flush) {
    this.clock = clock;
    this.lingerMs = linger.toMillis();
    this.flush = flush;
  }

  /** The first row of a micro-batch came. */
  void begin() {
    dueMs = NEVER;
    set();
  }

  /** The micro-batch was run. */
  void end() {
    dueMs = NEVER;
  }

  /** Within a linger from now at the latest, also where the wall clock was put back. */
  private void set() {
    dueMs = Math.min(dueMs, clock.getCurrentProcessingTime() + lingerMs);
    if (!set) {
      set = true;
      clock.registerTimer(dueMs, this::fire);
    }
  }

  private void fire(long timerMs) throws Exception {
    set = false;
    if (dueMs != NEVER && timerMs < dueMs) {
      set();
    } else if (dueMs != NEVER) {
      flush.run();
    }
  }
}
