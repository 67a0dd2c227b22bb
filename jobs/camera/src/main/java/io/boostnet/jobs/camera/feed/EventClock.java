package io.boostnet.jobs.camera.feed;

import io.boostnet.jobs.camera.input.FrameInput;

/**
 * From the times of a stream to event time. No clock of its own, no thread.
 *
 * <p>A file begins at an instant, and its frames follow by their own distances. A live stream's
 * time 0 is not known: it is taken as the earliest that any frame's arrival allows (arrival - time
 * in the stream, least so far), so that a frame that was held up on the way does not count as taken
 * late. Where that is off by more than {@value #MOST_APART_MS} ms, since the camera's clock drifts
 * or jumped, it is found anew. Streams without times count by arrival.
 */
final class EventClock {

  /** A live stream whose frames arrive further from their time than this has another clock. */
  static final long MOST_APART_MS = 5_000;

  private final boolean live;
  private long beginMs; // of the stream's time 0
  private boolean began;

  private EventClock(boolean live, long beginMs) {
    this.live = live;
    this.beginMs = beginMs;
  }

  /** Of one connection to a camera. */
  static EventClock ofLiveStream() {
    return new EventClock(true, 0);
  }

  /**
   * Of a file.
   *
   * @param beginMs event time of its first frame
   */
  static EventClock ofFile(long beginMs) {
    return new EventClock(false, beginMs);
  }

  /**
   * Event time of a frame, in ms since the epoch.
   *
   * @param micros its time in the stream
   * @param arrivedMs when it was read
   */
  long of(long micros, long arrivedMs) {
    if (micros == FrameInput.NO_TIME) {
      return arrivedMs;
    }
    long inStreamMs = Math.floorDiv(micros, 1_000L);
    if (!began) {
      began = true;
      beginMs = live ? arrivedMs - inStreamMs : beginMs - inStreamMs;
    }
    if (live) {
      long allows = arrivedMs - inStreamMs;
      beginMs = allows - beginMs > MOST_APART_MS ? allows : Math.min(beginMs, allows);
    }
    return beginMs + inStreamMs;
  }
}
