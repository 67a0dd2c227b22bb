package io.boostnet.jobs.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;

/**
 * A span of time and of this process's processor time.
 *
 * @param startNanos {@link System#nanoTime()} at its start
 * @param startCpuNanos the process's processor time at its start, in nanoseconds
 */
record Span(long startNanos, long startCpuNanos) {

  /** Work of one thread. */
  interface Share {
    long run(int thread) throws Exception;
  }

  static Span start() {
    return new Span(System.nanoTime(), cpuNanos());
  }

  Measurement end(long images, long correct) {
    return new Measurement(
        images,
        (System.nanoTime() - startNanos) / 1e9,
        (cpuNanos() - startCpuNanos) / 1e9,
        correct);
  }

  /** Processor time of this process so far, in nanoseconds. */
  static long cpuNanos() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  /** Runs a share on every thread and waits; returns the sum of what they return. */
  static long all(ExecutorService threads, int count, Share share) throws Exception {
    List<Future<Long>> running = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int thread = i;
      running.add(threads.submit(() -> share.run(thread)));
    }
    long sum = 0;
    for (Future<Long> future : running) {
      sum += future.get();
    }
    return sum;
  }
}
