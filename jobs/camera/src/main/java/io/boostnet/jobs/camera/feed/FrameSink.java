package io.boostnet.jobs.camera.feed;

import io.boostnet.schema.ImageFrame;

/** Where the frames of one camera go. Called by the camera's thread alone. */
@FunctionalInterface
public interface FrameSink {

  /**
   * Takes a frame, or waits until it can, or drops one: as the camera is.
   *
   * @param frame what is classified: a whole picture, or a zone of one
   * @param position of the picture in its camera, from 0; zones of one picture share it
   * @param last whether no other zone of this picture follows
   * @throws InterruptedException where the camera is to stop
   */
  void take(ImageFrame frame, long position, boolean last) throws InterruptedException;
}
