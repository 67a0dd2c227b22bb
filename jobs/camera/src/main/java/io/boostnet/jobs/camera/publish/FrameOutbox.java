package io.boostnet.jobs.camera.publish;

import io.boostnet.jobs.camera.feed.CameraCounts;
import io.boostnet.jobs.camera.feed.FrameSink;
import io.boostnet.schema.ImageFrame;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;

/**
 * Frames of one camera that wait to be sent. A live camera drops its oldest where there is no room,
 * a file waits. All under the lock of the {@link FramePublisher} that empties it.
 */
final class FrameOutbox implements FrameSink {

  /**
   * Frames of one camera that the producer may hold: behind these, the outbox decides what goes.
   */
  static final int MOST_IN_FLIGHT = 32;

  private final boolean drops;
  private final int capacity;
  private final CameraCounts counts;
  private final Lock lock;
  private final Condition changed;
  private final Deque<ImageFrame> waiting = new ArrayDeque<>();
  private int inFlight;

  FrameOutbox(boolean drops, int capacity, CameraCounts counts, Lock lock, Condition changed) {
    this.drops = drops;
    this.capacity = capacity;
    this.counts = counts;
    this.lock = lock;
    this.changed = changed;
  }

  @Override
  public void take(ImageFrame frame, long position, boolean last) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!drops && waiting.size() >= capacity) {
        changed.await();
      }
      waiting.addLast(frame);
      dropSurplus();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void dropSurplus() {
    while (drops && waiting.size() > capacity) {
      waiting.removeFirst();
      counts.dropped();
    }
  }

  /** The next frame to send, from now on in flight; null where none may go. */
  ImageFrame next() {
    if (inFlight >= MOST_IN_FLIGHT || waiting.isEmpty()) {
      return null;
    }
    inFlight++;
    return waiting.removeFirst();
  }

  /** A frame in flight has come to its end. */
  void done() {
    inFlight--;
  }

  /** A frame in flight did not leave, and is the next again. */
  void returned(ImageFrame frame) {
    inFlight--;
    waiting.addFirst(frame);
    dropSurplus();
  }

  boolean isEmpty() {
    return waiting.isEmpty() && inFlight == 0;
  }

  CameraCounts counts() {
    return counts;
  }
}
