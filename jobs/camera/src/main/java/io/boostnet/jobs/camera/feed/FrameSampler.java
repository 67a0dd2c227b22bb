package io.boostnet.jobs.camera.feed;

/**
 * Chooses frames by their times, so that so many a second are taken of a camera that sends more. A
 * grid of due times, 1 / rate apart, begins with the first frame; the frame next to a due time is
 * taken, if it is at most a quarter of that distance early. So a rate that does not divide the
 * camera's is kept on average, and arrival times that waver lose no frame of a camera with just
 * this rate. Time that goes back, as where a file begins again, begins a new grid.
 *
 * <p>No clock, no thread.
 */
final class FrameSampler {

  private static final double EARLY = 0.25;

  private final double periodMicros; // 0: every frame
  private double due;
  private long last;
  private boolean began;

  /**
   * A sampler.
   *
   * @param rate frames a second; null for all
   */
  FrameSampler(Double rate) {
    periodMicros = rate == null ? 0 : 1e6 / rate;
  }

  /**
   * Whether a frame is taken; to be asked of each, once.
   *
   * @param micros its time
   */
  boolean takes(long micros) {
    if (periodMicros == 0) {
      return true;
    }
    if (!began || micros < last) {
      began = true;
      due = micros;
      last = micros;
    }
    double early = Math.min(EARLY * periodMicros, (micros - last) / 2.0);
    last = micros;
    if (micros < due - early) {
      return false;
    }
    double behind = Math.max(0, Math.floor((micros - due) / periodMicros));
    due += (behind + 1) * periodMicros;
    return true;
  }
}
