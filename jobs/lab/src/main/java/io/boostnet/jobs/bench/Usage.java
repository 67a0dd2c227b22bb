package io.boostnet.jobs.bench;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;

/**
 * What this process has used up to a moment; two of them span a measurement.
 *
 * @param nanos {@link System#nanoTime()}
 * @param cpuNanos processor time of all threads, in nanoseconds
 * @param allocatedBytes heap allocated by the threads that are alive; those that end within a
 *     measurement are not seen
 * @param gcMillis time of garbage collections, in milliseconds
 */
record Usage(long nanos, long cpuNanos, long allocatedBytes, long gcMillis) {

  private static final OperatingSystemMXBean PROCESS =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  static Usage now() {
    long allocated = 0;
    for (long bytes : THREADS.getThreadAllocatedBytes(THREADS.getAllThreadIds())) {
      allocated += Math.max(0, bytes);
    }
    long gcMillis =
        ManagementFactory.getGarbageCollectorMXBeans().stream()
            .mapToLong(GarbageCollectorMXBean::getCollectionTime)
            .sum();
    return new Usage(System.nanoTime(), PROCESS.getProcessCpuTime(), allocated, gcMillis);
  }

  /** The measurement that ends at another moment. */
  Measurement until(Usage end, long images, double accuracy, double meanCost) {
    return new Measurement(
        images,
        (end.nanos - nanos) / 1e9,
        (end.cpuNanos - cpuNanos) / 1e9,
        accuracy,
        meanCost,
        Math.max(0, end.allocatedBytes - allocatedBytes),
        (end.gcMillis - gcMillis) / 1e3);
  }
}
