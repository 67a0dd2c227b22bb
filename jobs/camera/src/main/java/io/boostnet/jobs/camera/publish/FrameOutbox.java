package io.boostnet.jobs.camera.publish;

import io.boostnet.jobs.camera.feed.CameraCounts;
import io.boostnet.jobs.camera.feed.PictureQueue;
import io.boostnet.jobs.camera.feed.PictureQueue.Picture;
import io.boostnet.schema.ImageFrame;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * Frames of one camera on their way to Kafka. All under the lock of the {@link FramePublisher} that
 * empties it.
 */
final class FrameOutbox {

  /** Frames of one camera that the producer may hold: behind these, the queue decides what goes. */
  static final int MOST_IN_FLIGHT = 32;

  private final PictureQueue queue;
  private final CameraCounts counts;
  private final Deque<ImageFrame> next = new ArrayDeque<>(); // the rest of a picture
  private int inFlight;

  FrameOutbox(PictureQueue queue, CameraCounts counts) {
    this.queue = queue;
    this.counts = counts;
  }

  /** The next frame to send, from now on in flight; null where none may go. */
  ImageFrame next() {
    if (inFlight >= MOST_IN_FLIGHT) {
      return null;
    }
    if (next.isEmpty()) {
      Picture picture = queue.poll();
      next.addAll(picture == null ? List.of() : picture.frames());
    }
    ImageFrame frame = next.pollFirst();
    inFlight += frame == null ? 0 : 1;
    return frame;
  }

  /** A frame in flight has come to its end. */
  void done() {
    inFlight--;
  }

  /** A frame in flight did not leave, and is the next again. */
  void returned(ImageFrame frame) {
    inFlight--;
    next.addFirst(frame);
  }

  boolean isEmpty() {
    return queue.isEmpty() && next.isEmpty() && inFlight == 0;
  }

  CameraCounts counts() {
    return counts;
  }
}
