package io.boostnet.flink.budget;

/** What one partition brought, and whether its clock can be believed; for {@link IntakeMeter}. */
final class PartitionIntake {

  /** A clock is off from so many milliseconds on: more than clocks and producers are late by. */
  private static final long OFF_MS = 2000;

  /** Timestamps may be this old for so long before their clock is off: a thread may be waking. */
  private static final long DOUBT_MS = 1000;

  /** A clock that was off is believed again after it went right for so many milliseconds. */
  private static final long TRUST_MS = 10_000;

  /** So far back, in milliseconds, that the timestamps before were wrong. */
  private static final long BACK_MS = 1000;

  /** Timestamps that stood still for so many milliseconds are no clock. */
  private static final long STILL_MS = 1000;

  /** Least advance of timestamps, in milliseconds, from which a rate is taken. */
  private static final long LEAST_ADVANCE_MS = 50;

  /** Records are missing here where timestamps advance more than this over a gap in the offsets. */
  private static final long GAP_MS = 1000;

  private static final long NEVER = Long.MIN_VALUE;

  private long lastOffset = NEVER;
  private long lastMs;
  private long newestMs = NEVER;
  private long newestOfWindowMs = NEVER;
  private long ratedMs;
  private long ratedAtMs = NEVER;
  private long unrated;
  private double perSecond;
  private boolean seen;
  private boolean empty;
  private boolean off;
  private long behindMs;
  private long oldSinceMs = NEVER;
  private long rightSinceMs = NEVER;

  /** A record came that is run; its timestamp is below 0 where it has none. */
  void taken(long offset, long timestampMs) {
    passed(offset, timestampMs);
    unrated++;
  }

  /** A record came that need not be run. */
  void passed(long offset, long timestampMs) {
    if (timestampMs >= 0) {
      if (newestMs == NEVER) {
        newestMs = timestampMs;
        ratedMs = timestampMs;
      } else if (lastOffset >= 0 && offset > lastOffset + 1 && timestampMs > lastMs + GAP_MS) {
        ratedMs += timestampMs - lastMs; // what was there has been deleted, and never arrives
      }
      lastMs = timestampMs;
      newestOfWindowMs = Math.max(newestOfWindowMs, timestampMs);
    }
    lastOffset = offset;
    seen = true;
  }

  /** Ends a window, in which the thread had time to spare or not. */
  void end(long startMs, long nowMs, boolean spare) {
    ratedAtMs = ratedAtMs == NEVER ? startMs : ratedAtMs;
    empty = !seen && (empty || spare);
    if (newestOfWindowMs != NEVER) {
      judge(nowMs, spare);
    }
    rate(nowMs, spare);
    newestOfWindowMs = NEVER;
    seen = false;
  }

  private void judge(long nowMs, boolean spare) {
    long behind = nowMs - newestOfWindowMs;
    boolean back = newestOfWindowMs < newestMs - BACK_MS;
    boolean still = newestOfWindowMs - ratedMs < LEAST_ADVANCE_MS && nowMs - ratedAtMs >= STILL_MS;
    boolean old = spare && behind > OFF_MS;
    oldSinceMs = !old ? NEVER : oldSinceMs == NEVER ? nowMs : oldSinceMs;
    if (back || still || behind < -OFF_MS || old && nowMs - oldSinceMs >= DOUBT_MS) {
      off = true;
      behindMs = behind;
      rightSinceMs = NEVER;
    } else if (off && spare && !old) {
      rightSinceMs = rightSinceMs == NEVER ? nowMs : rightSinceMs;
      off = nowMs - rightSinceMs < TRUST_MS;
    }
    if (back) {
      newestMs = newestOfWindowMs;
      ratedMs = newestOfWindowMs;
    }
    newestMs = Math.max(newestMs, newestOfWindowMs);
  }

  private void rate(long nowMs, boolean spare) {
    double passedMs = Math.max(1, nowMs - ratedAtMs);
    if (!seen) {
      perSecond = spare ? Math.min(perSecond, 1000 / passedMs) : perSecond;
      return;
    }
    double taken = 1000 * unrated / passedMs;
    if (!hasClock()) {
      rated(taken, nowMs);
    } else if (newestMs - ratedMs >= LEAST_ADVANCE_MS) {
      double sent = 1000.0 * unrated / (newestMs - ratedMs);
      rated(spare ? Math.min(sent, taken) : sent, nowMs);
    }
  }

  private void rated(double rate, long nowMs) {
    perSecond = rate;
    unrated = 0;
    ratedMs = newestMs;
    ratedAtMs = nowMs;
  }

  private boolean hasClock() {
    return !off && newestMs != NEVER;
  }

  double perSecond() {
    return perSecond;
  }

  /** Whether its clock is off. */
  boolean isOff() {
    return off;
  }

  /** How far behind it was when that was last seen, in milliseconds; below 0 where it was ahead. */
  long behindMs() {
    return behindMs;
  }

  /**
   * Age of the oldest record waiting here, in milliseconds, where the thread has no time to spare.
   *
   * @param mostMs no record can have waited longer
   */
  long backlogAgeMs(long nowMs, long mostMs) {
    if (empty) {
      return 0;
    }
    return hasClock() ? Math.max(0, nowMs - newestMs) : mostMs;
  }
}
