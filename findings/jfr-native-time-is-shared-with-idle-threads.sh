#!/usr/bin/env bash
# Guess: in a JFR recording a thread's samples in Java and in native methods are in proportion to its time there.
# So is: of all threads that are in a native method, waiting ones included, JFR samples few per tick, by turns. A
#        thread that is half its time in native code shows about half its samples there when it is alone, and next to
#        none beside 60 threads that sleep in epoll.
# With:  OpenJDK 17 (the JDK that runs this script).
# So:    a Flink task around ONNX Runtime, beside Kafka clients and RPC threads that all wait in epoll, looks as if
#        decoding were its main work. Compare a thread's native samples with its processor time
#        (jdk.ThreadCPULoad), or time the calls.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

cat > Finding.java <<'END'
import java.nio.channels.Selector;
import java.nio.file.*;
import java.util.*;
import java.util.zip.Deflater;
import jdk.jfr.*;
import jdk.jfr.consumer.*;

public class Finding {
  static volatile long sink;

  /** Half of its time in one native call, half in Java, by the clock. */
  static void halfAndHalf(long untilNanos) {
    byte[] in = new byte[400_000];
    new Random(1).nextBytes(in);
    byte[] out = new byte[500_000];
    long native_ = 0;
    long java = 0;
    while (System.nanoTime() < untilNanos) {
      long start = System.nanoTime();
      if (native_ <= java) {
        Deflater deflater = new Deflater(6);
        deflater.setInput(in);
        deflater.finish();
        deflater.deflate(out);
        deflater.end();
        native_ += System.nanoTime() - start;
      } else {
        long sum = 0;
        for (int round = 0; round < 20; round++) {
          for (byte b : in) sum = 31 * sum + b;
        }
        sink = sum;
        java += System.nanoTime() - start;
      }
    }
  }

  static double nativeShare() throws Exception {
    Path file = Files.createTempFile(Path.of("."), "r", ".jfr");
    try (Recording recording = new Recording(Configuration.getConfiguration("profile"))) {
      for (String event : List.of("jdk.ExecutionSample", "jdk.NativeMethodSample")) {
        recording.enable(event).withPeriod(java.time.Duration.ofMillis(20)); // the same for both
      }
      recording.start();
      Thread worker = new Thread(() -> halfAndHalf(System.nanoTime() + 8_000_000_000L), "worker");
      worker.start();
      worker.join();
      recording.stop();
      recording.dump(file);
    }
    long java = 0;
    long native_ = 0;
    for (RecordedEvent event : RecordingFile.readAllEvents(file)) {
      String name = event.getEventType().getName();
      if (!name.equals("jdk.ExecutionSample") && !name.equals("jdk.NativeMethodSample")) continue;
      RecordedThread thread = event.getThread("sampledThread");
      if (thread == null || !"worker".equals(thread.getJavaName())) continue;
      if (name.equals("jdk.ExecutionSample")) java++; else native_++;
    }
    System.out.printf("samples of the worker: %d in Java, %d in native code%n", java, native_);
    return (double) native_ / Math.max(1, java + native_);
  }

  public static void main(String[] args) throws Exception {
    System.out.println("Java " + System.getProperty("java.vm.version"));
    double alone = nativeShare();
    for (int i = 0; i < 60; i++) {
      Thread idle = new Thread(() -> {
        try (Selector selector = Selector.open()) {
          selector.select();
        } catch (Exception e) {
          throw new IllegalStateException(e);
        }
      }, "idle");
      idle.setDaemon(true);
      idle.start();
    }
    double beside = nativeShare();
    System.out.printf("share in native code: %.2f alone, %.2f beside 60 idle threads; true: 0.5%n", alone, beside);
    boolean same = alone > 0.3 && beside < alone / 3;
    System.out.println(same ? "ok: still so" : "changed: idle threads take no samples away");
    System.exit(same ? 0 : 1);
  }
}
END

javac -nowarn -d classes Finding.java 2> javac.log || { cat javac.log; exit 1; }
java -cp classes Finding 2> run.log || { cat run.log; exit 1; }
