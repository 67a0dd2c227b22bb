package io.boostnet.jobs.broker;

import java.lang.reflect.InvocationTargetException;
import java.util.Arrays;

/**
 * Runs another main class for as long as a parent process lives: when that ends, however it ends,
 * so does this JVM, at once. Uses nothing but the JDK, so that it can be put on any class path.
 */
public final class ParentWatch {

  private ParentWatch() {}

  /** Arguments: the parent's process id, the main class, its arguments. */
  public static void main(String[] args) throws Exception {
    ProcessHandle.of(Long.parseLong(args[0]))
        .orElseThrow(() -> new IllegalStateException("the parent process " + args[0] + " is gone"))
        .onExit()
        .thenRun(() -> Runtime.getRuntime().halt(1));
    try {
      Class.forName(args[1])
          .getMethod("main", String[].class)
          .invoke(null, (Object) Arrays.copyOfRange(args, 2, args.length));
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof Exception cause) {
        throw cause;
      }
      throw e;
    }
  }
}
