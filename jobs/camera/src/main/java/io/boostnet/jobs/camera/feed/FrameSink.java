package io.boostnet.jobs.camera.feed;

import java.util.List;

/** Where the frames of one camera go. Called by the camera's thread alone. */
@FunctionalInterface
public interface FrameSink {

  /**
   * Takes what is classified of a picture, or waits until it can, or drops a picture: as the camera
   * is.
   *
   * @param frames the whole picture, or its zones, or both
   * @param position of the picture in its camera, from 0
   * @throws InterruptedException where the camera is to stop
   */
  void take(List<PlacedFrame> frames, long position) throws InterruptedException;

  /** No picture follows. */
  default void ended() {}
}
