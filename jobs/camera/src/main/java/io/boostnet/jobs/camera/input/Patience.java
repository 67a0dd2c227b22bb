package io.boostnet.jobs.camera.input;

import java.time.Duration;
import org.bytedeco.ffmpeg.avformat.AVIOInterruptCB;
import org.bytedeco.javacpp.Pointer;

/**
 * What ffmpeg asks while it waits for a peer: whether to give up. It does where the peer was silent
 * for too long, or somebody cancelled. To be kept as long as the context that asks, then closed.
 */
final class Patience extends AVIOInterruptCB.Callback_Pointer {

  private final long stallNanos;
  private volatile long until;
  private volatile boolean cancelled;

  Patience(Duration stall) {
    stallNanos = stall.toNanos();
    begin();
  }

  /** The peer has its whole time again. */
  void begin() {
    until = System.nanoTime() + stallNanos;
  }

  void cancel() {
    cancelled = true;
  }

  boolean cancelled() {
    return cancelled;
  }

  boolean over() {
    return cancelled || System.nanoTime() - until > 0;
  }

  @Override
  public int call(Pointer opaque) {
    return over() ? 1 : 0;
  }
}
