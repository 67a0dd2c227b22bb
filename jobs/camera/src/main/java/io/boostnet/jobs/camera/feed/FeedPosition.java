package io.boostnet.jobs.camera.feed;

import java.io.Serializable;

/**
 * Where a feed begins.
 *
 * @param position pictures of a file that were given before, and are passed over; 0 for none
 * @param sequence of the first picture: 0 for a file, for a live camera a number that no earlier
 *     run of it has reached
 * @param beginMs event time of a file's first frame, in ms since the epoch; 0 where it is to be
 *     found
 */
public record FeedPosition(long position, long sequence, long beginMs) implements Serializable {

  private static final long serialVersionUID = 1;

  /**
   * The beginning of a camera. Live cameras are numbered from the time on, in ms since the epoch:
   * none gives 1,000 frames a second for long, so that no number comes twice after a restart.
   */
  public static FeedPosition first(boolean live, long nowMs) {
    return new FeedPosition(0, live ? nowMs : 0, 0);
  }
}
