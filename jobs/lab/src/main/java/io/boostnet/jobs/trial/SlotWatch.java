package io.boostnet.jobs.trial;

import java.io.Closeable;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

/** Asks twice a second how many slots a job uses, on a thread of its own. */
final class SlotWatch implements Closeable {

  private static final long EVERY_MS = 500;

  private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
  private final List<Sample> samples = new ArrayList<>();

  /**
   * An answer.
   *
   * @param atMs when it was asked for, in milliseconds since the Unix epoch
   * @param slots slots in use; 0 while the job is being restarted
   */
  private record Sample(long atMs, int slots) {}

  SlotWatch(IntSupplier slots) {
    thread.scheduleAtFixedRate(
        () -> {
          Sample sample = new Sample(System.currentTimeMillis(), slots.getAsInt());
          synchronized (samples) {
            samples.add(sample);
          }
        },
        0,
        EVERY_MS,
        TimeUnit.MILLISECONDS);
  }

  /** Slots in use over time. */
  Course course(long startMs) {
    synchronized (samples) {
      return new Course(
              samples.stream()
                  .map(s -> new Course.Step((s.atMs() - startMs) / 1e3, s.slots()))
                  .toList())
          .changes();
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
