package io.boostnet.flink.event;

import org.apache.flink.annotation.Internal;

/**
 * Whether a source's frames come: one cell of Flink's keyed state. Event times tell where frames
 * follow each other; where none follows, the processing time at which a timer looks. Immutable.
 *
 * @param newestMs event time of its newest frame, in milliseconds since the Unix epoch
 * @param newestSequence sequence of that frame
 * @param offline whether they ceased
 * @param arrivedMs processing time at which the last frame came, in the same unit
 * @param timerMs processing time at which a timer looks; {@link #NO_TIMER} where none is set
 */
@Internal
public record Presence(
    long newestMs, long newestSequence, boolean offline, long arrivedMs, long timerMs) {

  static final long NO_TIMER = 0;

  /** Of a source whose first frame came. */
  static Presence began(Vote frame, long nowMs) {
    return new Presence(frame.timestampMs(), frame.sequence(), false, nowMs, NO_TIMER);
  }

  /** Whether a frame comes after a gap that nothing has told yet. */
  boolean missed(Vote frame, EventRules rules) {
    return !offline && rules.hasGap() && frame.timestampMs() >= endOfGapMs(rules);
  }

  /** Event time at which the source is offline where nothing follows. */
  long endOfGapMs(EventRules rules) {
    return newestMs + rules.gap().toMillis();
  }

  /** A frame came, so that the source is there. The sequence goes on where a clock is set back. */
  Presence arrived(Vote frame, long nowMs) {
    boolean newer = frame.timestampMs() >= newestMs || frame.sequence() > newestSequence;
    return new Presence(
        newer ? frame.timestampMs() : newestMs,
        newer ? frame.sequence() : newestSequence,
        false,
        nowMs,
        timerMs);
  }

  Presence ceased() {
    return new Presence(newestMs, newestSequence, true, arrivedMs, NO_TIMER);
  }

  Presence withTimer(long dueMs) {
    return new Presence(newestMs, newestSequence, offline, arrivedMs, dueMs);
  }
}
