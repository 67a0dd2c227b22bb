package io.boostnet.jobs.camera.feed;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;

/**
 * Pictures of one camera that wait to be taken further. A live camera drops its oldest where there
 * is no room, a file waits. Queues that one thread empties share a lock, which it holds where it
 * calls {@link #poll} and {@link #isEmpty}.
 */
public final class PictureQueue implements FrameSink {

  /**
   * A picture that waits.
   *
   * @param frames what is classified of it
   * @param position in its camera, from 0
   */
  public record Picture(List<PlacedFrame> frames, long position) {}

  private final boolean drops;
  private final int capacity;
  private final CameraCounts counts;
  private final Lock lock;
  private final Condition room;
  private final Runnable arrived;
  private final Deque<Picture> waiting = new ArrayDeque<>();

  /**
   * An empty queue.
   *
   * @param drops whether the oldest gives way; else the camera waits
   * @param capacity pictures that wait, at least 1
   * @param lock shared with whoever empties it
   * @param arrived is run, the lock held, where a picture came or none follows
   */
  public PictureQueue(
      boolean drops, int capacity, CameraCounts counts, Lock lock, Runnable arrived) {
    this.drops = drops;
    this.capacity = capacity;
    this.counts = counts;
    this.lock = lock;
    this.room = lock.newCondition();
    this.arrived = arrived;
  }

  @Override
  public void take(List<PlacedFrame> frames, long position) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!drops && waiting.size() >= capacity) {
        room.await();
      }
      waiting.addLast(new Picture(frames, position));
      dropSurplus();
      arrived.run();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void ended() {
    lock.lock();
    try {
      arrived.run();
    } finally {
      lock.unlock();
    }
  }

  /** The next picture; null for none yet. */
  public Picture poll() {
    Picture next = waiting.pollFirst();
    room.signalAll();
    return next;
  }

  private void dropSurplus() {
    while (drops && waiting.size() > capacity) {
      counts.dropped(waiting.removeFirst().frames().size());
    }
  }

  /** Whether none waits. */
  public boolean isEmpty() {
    return waiting.isEmpty();
  }
}
