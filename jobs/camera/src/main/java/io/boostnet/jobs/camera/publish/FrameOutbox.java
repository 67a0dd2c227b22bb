package io.boostnet.jobs.camera.publish;

import io.boostnet.jobs.camera.feed.CameraCounts;
import io.boostnet.jobs.camera.feed.PictureQueue;
import io.boostnet.jobs.camera.feed.PictureQueue.Picture;
import io.boostnet.jobs.camera.feed.PlacedFrame;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;

/**
 * Frames of one camera on their way to Kafka. All under the lock of the {@link FramePublisher} that
 * empties it.
 *
 * <p>A camera's frames are written in their order, each once: the producer is idempotent, and what
 * it repeats it puts in its place. Where it gives frames up all the same, which it does only where
 * the client properties bound its time ({@code delivery.timeout.ms}), none goes after them until
 * all in flight have come to an end; then they go again, in their order, behind those that were in
 * flight with them and did arrive. One of which the answer alone was lost is then written twice.
 */
final class FrameOutbox {

  /** Frames of one camera that the producer may hold: behind these, the queue decides what goes. */
  static final int MOST_IN_FLIGHT = 32;

  private final PictureQueue queue;
  private final CameraCounts counts;
  private final Queue<Numbered> next = new PriorityQueue<>(); // returned, the rest of a picture
  private long count;
  private int inFlight;
  private boolean waitsForAll;

  /**
   * A frame and its place among those of its camera.
   *
   * @param number counts frames from 0
   */
  record Numbered(long number, PlacedFrame placed) implements Comparable<Numbered> {
    @Override
    public int compareTo(Numbered other) {
      return Long.compare(number, other.number);
    }
  }

  /** Nothing is on its way yet. */
  FrameOutbox(PictureQueue queue, CameraCounts counts) {
    this.queue = queue;
    this.counts = counts;
  }

  /** The next frame to send, from now on in flight; null where none may go. */
  Numbered next() {
    if (inFlight >= MOST_IN_FLIGHT || waitsForAll && inFlight > 0) {
      return null;
    }
    waitsForAll = false;
    if (next.isEmpty()) {
      Picture picture = queue.poll();
      for (PlacedFrame frame : picture == null ? List.<PlacedFrame>of() : picture.frames()) {
        next.add(new Numbered(count++, frame));
      }
    }
    Numbered frame = next.poll();
    inFlight += frame == null ? 0 : 1;
    return frame;
  }

  /** A frame in flight has come to its end. */
  void done() {
    inFlight--;
  }

  /** A frame in flight did not leave, and goes again before all later ones. */
  void returned(Numbered frame) {
    inFlight--;
    waitsForAll = true;
    next.add(frame);
  }

  boolean isEmpty() {
    return queue.isEmpty() && next.isEmpty() && inFlight == 0;
  }

  CameraCounts counts() {
    return counts;
  }
}
