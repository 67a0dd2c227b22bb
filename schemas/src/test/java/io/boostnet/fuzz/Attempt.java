package io.boostnet.fuzz;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Assertions;

/**
 * One reading of an untrusted input. It may succeed or end in a documented exception with a message
 * of one line; it may take neither long nor much memory.
 */
public final class Attempt {

  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private Attempt() {}

  /**
   * Reads an input.
   *
   * @param maxBytes most heap that it may allocate
   * @param documented exceptions that are an answer
   * @return whether the input was taken
   */
  public static boolean at(
      Callable<?> reading, long maxBytes, Set<Class<? extends Exception>> documented) {
    return Assertions.assertTimeoutPreemptively(
        PATIENCE,
        () -> {
          long before = THREADS.getCurrentThreadAllocatedBytes();
          boolean taken = true;
          try {
            reading.call();
          } catch (OutOfMemoryError e) {
            throw new AssertionError("out of memory", e);
          } catch (Exception e) {
            if (documented.stream().noneMatch(type -> type.isInstance(e))) {
              throw e;
            }
            requireSentence(e);
            taken = false;
          }
          long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
          Assertions.assertTrue(
              allocated <= maxBytes, () -> "allocated %,d bytes".formatted(allocated));
          return taken;
        });
  }

  private static void requireSentence(Exception e) {
    String message = e.getMessage();
    Assertions.assertTrue(
        message != null && !message.isBlank(), () -> "no message in " + e.getClass());
  }
}
