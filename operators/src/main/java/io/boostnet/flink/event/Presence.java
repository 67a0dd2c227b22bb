package io.boostnet.flink.event;

import org.apache.flink.annotation.Internal;

/**
 * Whether a source's frames come: one cell of Flink's keyed state. Event times tell where frames
 * follow each other; where none follows, the processing time at which a timer looks. Immutable.
 *
 * <p>A clock that is set back leaves frames of its old time in the stages, which come after those
 * of the new time and look like the end of a gap. Such a frame has a smaller sequence, and less
 * than a gap lies between it and the newest old time. A sequence alone tells nothing, since a
 * producer may count from 0 again.
 *
 * @param newestMs event time of its newest frame, in milliseconds since the Unix epoch
 * @param newestSequence sequence of that frame
 * @param offline whether they ceased
 * @param arrivedMs processing time at which the last frame came, in the same unit
 * @param timerMs processing time at which a timer looks; {@link #NO_TIMER} where none is set
 * @param oldMs event time of the newest frame before the clock was set back; {@link #NOT_SET_BACK}
 *     where it was not, which is what a state from before this field was has
 */
@Internal
public record Presence(
    long newestMs, long newestSequence, boolean offline, long arrivedMs, long timerMs, long oldMs) {

  static final long NO_TIMER = 0;
  static final long NOT_SET_BACK = 0;

  /** Of a source whose first frame came. */
  static Presence began(Vote frame, long nowMs) {
    return new Presence(
        frame.timestampMs(), frame.sequence(), false, nowMs, NO_TIMER, NOT_SET_BACK);
  }

  /** Whether a frame comes after a gap that nothing has told yet. */
  boolean missed(Vote frame, EventRules rules) {
    return endsGap(frame, rules) && !isOfOldTime(frame, rules);
  }

  private boolean endsGap(Vote frame, EventRules rules) {
    return !offline && rules.hasGap() && frame.timestampMs() >= endOfGapMs(rules);
  }

  /** Whether a frame that looks like the end of a gap is late, of the time before the set-back. */
  private boolean isOfOldTime(Vote frame, EventRules rules) {
    return oldMs != NOT_SET_BACK
        && frame.sequence() < newestSequence
        && Math.abs(frame.timestampMs() - oldMs) < rules.gap().toMillis();
  }

  /** Event time at which the source is offline where nothing follows. */
  long endOfGapMs(EventRules rules) {
    return newestMs + rules.gap().toMillis();
  }

  /** A frame came, so that the source is there. The sequence goes on where a clock is set back. */
  Presence arrived(Vote frame, EventRules rules, long nowMs) {
    boolean older = frame.timestampMs() < newestMs;
    boolean goesOn = frame.sequence() > newestSequence;
    boolean late = endsGap(frame, rules) && isOfOldTime(frame, rules);
    boolean newer = goesOn || !older && !late;
    return new Presence(
        newer ? frame.timestampMs() : newestMs,
        newer ? frame.sequence() : newestSequence,
        false,
        nowMs,
        timerMs,
        goesOn && older && isSetBack(frame, rules) ? newestMs : oldMs);
  }

  /** Timestamps that jitter by less make no gap with what comes late. */
  private boolean isSetBack(Vote frame, EventRules rules) {
    return newestMs - frame.timestampMs() >= rules.gap().toMillis() / 2;
  }

  Presence ceased() {
    return new Presence(newestMs, newestSequence, true, arrivedMs, NO_TIMER, oldMs);
  }

  Presence withTimer(long dueMs) {
    return new Presence(newestMs, newestSequence, offline, arrivedMs, dueMs, oldMs);
  }
}
