package io.boostnet.jobs.dashboard;

import io.boostnet.schema.ControlEvent;
import io.boostnet.schema.Prediction;
import java.util.Arrays;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;

/**
 * Turns records into seconds. Records belong to the second in which they are added, not to their
 * own times, which other machines' clocks wrote: so a second that has passed never changes. Time
 * comes in through {@link #advance} alone. Not thread-safe.
 */
final class LiveSeconds {

  /** Seconds that are kept, and the most that one step of time makes. */
  static final int KEPT = 600;

  private static final long MAX_WAIT_MS = 3_600_000;

  private final Consumer<LiveSecond> passed;
  private final Histogram waitedMs = new Histogram(MAX_WAIT_MS, 2);
  private boolean started;
  private long second;
  private ControlView control;
  private Long offered;
  private long deadLetters;
  private long[] exits = {};
  private double cost;
  private long forced;
  private long labelled;
  private long right;

  /**
   * Without any record.
   *
   * @param passed takes every second that has passed, in order, those without a record too
   */
  LiveSeconds(Consumer<LiveSecond> passed) {
    this.passed = passed;
  }

  /**
   * Hands on the seconds that have passed; what is added next belongs to this time. The first call
   * starts the first second. A time before the last one changes nothing; after a gap of more than
   * {@link #KEPT} seconds those too far back are left out.
   *
   * @param nowMs milliseconds since the Unix epoch
   */
  void advance(long nowMs) {
    long now = Math.floorDiv(nowMs, 1000);
    if (!started) {
      started = true;
      second = now;
    }
    while (second < now) {
      passed.accept(pass());
      second = Math.max(second + 1, now - KEPT);
    }
  }

  private LiveSecond pass() {
    LiveSecond.Decided decided = null;
    long count = waitedMs.getTotalCount();
    if (count > 0) {
      decided =
          new LiveSecond.Decided(
              count,
              waitedMs.getValueAtPercentile(50),
              waitedMs.getValueAtPercentile(99),
              cost / count,
              exits,
              forced,
              labelled,
              right);
    }
    LiveSecond passing = new LiveSecond(second, offered, deadLetters, decided, control);
    waitedMs.reset();
    offered = null;
    deadLetters = 0;
    exits = new long[exits.length];
    cost = 0;
    forced = 0;
    labelled = 0;
    right = 0;
    return passing;
  }

  /** Frames that were published; a second without a call does not know. */
  void offered(long frames) {
    offered = frames + (offered == null ? 0 : offered);
  }

  void deadLetter() {
    deadLetters++;
  }

  void control(ControlEvent event) {
    control = ControlView.of(event);
  }

  void prediction(Prediction prediction) {
    if (exits.length != prediction.getExits()) {
      exits = Arrays.copyOf(exits, Math.max(exits.length, prediction.getExits()));
    }
    exits[prediction.getExit() - 1]++;
    cost += prediction.getCost();
    forced += prediction.getForced() ? 1 : 0;
    if (prediction.getTrueLabel() != null) {
      labelled++;
      right += prediction.getTrueLabel() == prediction.getLabel() ? 1 : 0;
    }
    long waited = prediction.getDecidedAtMs() - prediction.getTimestampMs();
    waitedMs.recordValue(Math.max(0, Math.min(MAX_WAIT_MS, waited)));
  }
}
