package io.boostnet.jobs.broker;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waiting for what can only be asked about: processes and clusters have no event to wait for. */
public final class Await {

  private static final Duration POLL = Duration.ofMillis(100);

  private Await() {}

  /**
   * Asks until the answer is yes.
   *
   * @param what what is awaited, for the message
   * @param patience how long at most
   * @throws IllegalStateException where the answer is still no, or the thread is interrupted
   */
  public static void until(String what, Duration patience, BooleanSupplier done) {
    until(() -> what, patience, done);
  }

  /** The same with a message that is made where it is needed. */
  public static void until(Supplier<String> what, Duration patience, BooleanSupplier done) {
    long deadline = System.nanoTime() + patience.toNanos();
    while (!done.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException(
            "waited %d s in vain: %s".formatted(patience.toSeconds(), what.get()));
      }
      LockSupport.parkNanos(POLL.toNanos());
      if (Thread.currentThread().isInterrupted()) {
        throw new IllegalStateException("interrupted while waiting: " + what.get());
      }
    }
  }
}
