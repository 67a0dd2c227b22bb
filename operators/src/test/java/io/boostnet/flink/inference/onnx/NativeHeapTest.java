package io.boostnet.flink.inference.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class NativeHeapTest {

  private static final int BLOCK = 100_000; // below what glibc takes from the kernel by itself
  private static final int BLOCKS = 600;
  private static final long KIB = 1024;

  @Test
  void whatWasFreed_goesBackToTheKernel() throws Exception {
    ByteBuffer last = allocateAndDrop();
    for (int i = 0; i < 100 && directBytes() > BLOCKS / 10 * BLOCK; i++) {
      System.gc();
      Thread.sleep(50);
    }
    long before = resident();

    assertThat(NativeHeap.trim()).isTrue();

    assertThat(before - resident()).isGreaterThan(BLOCKS * BLOCK / 4);
    assertThat(last.get(0)).isEqualTo((byte) 1);
  }

  /** The block that stays lies above the freed ones, so that they are no free end of the heap. */
  private static ByteBuffer allocateAndDrop() {
    List<ByteBuffer> blocks = new ArrayList<>();
    for (int i = 0; i < BLOCKS; i++) {
      byte[] content = new byte[BLOCK];
      Arrays.fill(content, (byte) 1);
      blocks.add(ByteBuffer.allocateDirect(BLOCK).put(content));
    }
    return blocks.get(BLOCKS - 1);
  }

  private static long directBytes() {
    return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
        .filter(pool -> pool.getName().equals("direct"))
        .mapToLong(BufferPoolMXBean::getMemoryUsed)
        .sum();
  }

  private static long resident() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> KIB * Long.parseLong(line.replaceAll("[^0-9]", "")))
        .sum();
  }
}
