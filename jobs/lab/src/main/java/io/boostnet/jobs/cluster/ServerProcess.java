package io.boostnet.jobs.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A process that this or another JVM started. Process ids are used again, so that one is only taken
 * for this process while it also has its start time. Immutable.
 *
 * @param pid its id
 * @param startTicks when it started, in clock ticks since the machine did
 * @param bootId which start of the machine that was
 */
record ServerProcess(long pid, long startTicks, String bootId) {

  private static final Duration KILLED_WITHIN = Duration.ofSeconds(30);
  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

  /** Fields of /proc/pid/stat after the command's name, which may hold blanks. */
  private static final int STATE = 0;

  private static final int START_TIME = 19;

  /**
   * The process with an id.
   *
   * @throws IOException where there is none
   */
  static ServerProcess of(long pid) throws IOException {
    return new ServerProcess(pid, Long.parseLong(stat(pid)[START_TIME]), currentBoot());
  }

  private static String[] stat(long pid) throws IOException {
    String line = Files.readString(Path.of("/proc", String.valueOf(pid), "stat"));
    return line.substring(line.lastIndexOf(')') + 2).split(" ");
  }

  private static String currentBoot() throws IOException {
    return Files.readString(BOOT_ID).strip();
  }

  /** Whether it still runs. */
  boolean isAlive() {
    try {
      String[] stat = stat(pid);
      return !stat[STATE].equals("Z")
          && Long.parseLong(stat[START_TIME]) == startTicks
          && currentBoot().equals(bootId);
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Asks it to end, and kills it where it does not.
   *
   * @param patience how long it may take to end
   */
  void stop(Duration patience) {
    ProcessHandle handle = ProcessHandle.of(pid).orElse(null);
    if (handle == null || !isAlive()) {
      return;
    }
    handle.destroy();
    if (!ends(handle, patience)) {
      kill();
    }
  }

  /** Ends it at once (SIGKILL), and returns when it is gone. */
  void kill() {
    ProcessHandle handle = ProcessHandle.of(pid).orElse(null);
    if (handle == null || !isAlive()) {
      return;
    }
    handle.destroyForcibly();
    if (!ends(handle, KILLED_WITHIN)) {
      throw new IllegalStateException("process " + pid + " does not end, even when killed");
    }
  }

  private boolean ends(ProcessHandle handle, Duration patience) {
    try {
      handle.onExit().get(patience.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return !isAlive(); // a zombie whose parent does not ask about it counts as ended
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while process " + pid + " ends", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("waiting for process " + pid, e);
    }
  }
}
