package io.boostnet.flink.track;

import org.apache.flink.annotation.Internal;

/** What is remembered of one track, by {@link Tracks}. For one thread. */
@Internal
public final class Track {

  private static final float[] NOTHING = {};
  private static final long NEVER = Long.MIN_VALUE;
  private static final long NO_TICKET = -1;

  final String key;
  long seenMs;

  /** Whether a frame of it came to this subtask since that started. */
  boolean seenHere;

  float[] evidence = NOTHING;
  boolean sure;
  int inherited;
  float[] blocks = NOTHING;
  long ranMs = NEVER;
  TrackState.Held held;

  /** Ticket of the newest frame that was given to the stages. */
  long ranTicket = NO_TICKET;

  /** Ticket of the newest frame whose decision is held. */
  long heldTicket = NO_TICKET;

  Track(String key) {
    this.key = key;
  }

  static Track of(TrackState state) {
    Track track = new Track(state.key());
    track.seenMs = state.seenMs();
    track.evidence = state.evidence();
    track.sure = state.sure();
    track.inherited = state.inherited();
    track.blocks = state.blocks();
    track.ranMs = state.ranMs();
    track.held = state.held();
    return track;
  }

  TrackState state() {
    return new TrackState(key, seenMs, evidence, sure, inherited, blocks, ranMs, held);
  }

  /** The pixels of the last frame say nothing: it has no decision. */
  void forgetPixels() {
    blocks = NOTHING;
    ranMs = NEVER;
  }
}
