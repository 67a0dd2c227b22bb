package io.boostnet.jobs.bench;

import io.boostnet.flink.inference.onnx.SharedSessions;
import java.io.File;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import javax.management.JMException;
import javax.management.ObjectName;
import org.bytedeco.javacpp.Pointer;

/**
 * What a process holds at a moment, after a full garbage collection.
 *
 * @param residentMegabytes resident memory of the process
 * @param heapMegabytes live objects
 * @param metaspaceMegabytes classes
 * @param directMegabytes direct buffers, which micro-batches are made of
 * @param decoderMegabytes native memory of the image decoders
 * @param onnxTensors live tensors of ONNX Runtime
 * @param sessions open sessions of ONNX Runtime
 * @param threads threads, native ones too
 * @param files open file descriptors
 */
record SoakSample(
    double residentMegabytes,
    double heapMegabytes,
    double metaspaceMegabytes,
    double directMegabytes,
    double decoderMegabytes,
    long onnxTensors,
    int sessions,
    int threads,
    int files) {

  private static final Path STATUS = Path.of("/proc/self/status");
  private static final double MEGABYTE = 1 << 20;
  private static final String TENSOR = "ai.onnxruntime.OnnxTensor";

  /** Of this process. */
  static SoakSample take() throws IOException, JMException {
    long tensors = liveObjects(TENSOR); // collects first
    List<String> status = Files.readAllLines(STATUS);
    return new SoakSample(
        number(status, "VmRSS:") / 1024.0,
        ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / MEGABYTE,
        ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getName().equals("Metaspace"))
                .mapToLong(SoakSample::used)
                .sum()
            / MEGABYTE,
        ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum()
            / MEGABYTE,
        Pointer.totalBytes() / MEGABYTE,
        tensors,
        SharedSessions.open(),
        (int) number(status, "Threads:"),
        Objects.requireNonNull(new File("/proc/self/fd").list()).length);
  }

  private static long used(MemoryPoolMXBean pool) {
    return pool.getUsage().getUsed();
  }

  private static long number(List<String> status, String key) {
    return status.stream()
        .filter(line -> line.startsWith(key))
        .map(line -> line.substring(key.length()).strip().split("\\s+")[0])
        .mapToLong(Long::parseLong)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException(STATUS + " has no " + key));
  }

  private static long liveObjects(String type) throws JMException {
    String histogram =
        (String)
            ManagementFactory.getPlatformMBeanServer()
                .invoke(
                    new ObjectName("com.sun.management:type=DiagnosticCommand"),
                    "gcClassHistogram",
                    new Object[] {new String[0]},
                    new String[] {String[].class.getName()});
    // A line is: number, instances, bytes, class.
    return histogram
        .lines()
        .map(line -> line.strip().split("\\s+"))
        .filter(words -> words.length >= 4 && words[3].equals(type))
        .mapToLong(words -> Long.parseLong(words[1]))
        .sum();
  }
}
