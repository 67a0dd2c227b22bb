package io.boostnet.jobs.camera;

import io.boostnet.jobs.camera.feed.CameraCounts;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** A line for each camera: what came and went since the last one, and what is wrong. */
final class ProgressLines {

  private record Before(long read, long published, long nanos) {}

  private final Map<String, Before> before = new HashMap<>();
  private final long startNanos;

  ProgressLines(long startNanos) {
    this.startNanos = startNanos;
  }

  /** The line of a camera. */
  String of(String name, CameraCounts counts, long nowNanos) {
    Before last = before.getOrDefault(name, new Before(0, 0, startNanos));
    Before now = new Before(counts.readCount(), counts.publishedCount(), nowNanos);
    before.put(name, now);
    double seconds = Math.max(1e-3, (now.nanos() - last.nanos()) / 1e9);
    return "%s: %s, %.1f pictures/s, %.1f frames/s to Kafka; in all %s%s"
        .formatted(
            name,
            counts.state().toString().toLowerCase(Locale.ROOT),
            (now.read() - last.read()) / seconds,
            (now.published() - last.published()) / seconds,
            sums(counts),
            counts.problem().isEmpty() ? "" : "; " + counts.problem());
  }

  /** What a camera counted in all. */
  static String sums(CameraCounts counts) {
    long frames = counts.publishedCount();
    return "%d frames of %d pictures (%d damaged), %d kB a frame, %d dropped, %d refused, %d reconnects"
        .formatted(
            frames,
            counts.readCount(),
            counts.damagedCount(),
            frames == 0 ? 0 : Math.round(counts.publishedBytes() / 1e3 / frames),
            counts.droppedCount(),
            counts.refusedCount(),
            Math.max(0, counts.connectionCount() - 1));
  }
}
