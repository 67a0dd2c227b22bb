package io.boostnet.jobs.bench;

import io.boostnet.flink.ModelBundle;
import io.boostnet.flink.exit.Thresholds;
import io.boostnet.schema.ImageFrame;
import java.nio.file.Path;
import java.util.List;

/**
 * What all contenders do.
 *
 * @param bundle the model bundle
 * @param location where the bundle is
 * @param file the frame file
 * @param frames its frames, which are classified over and over
 * @param thresholds where frames leave
 * @param threads threads, or subtasks
 */
record Workload(
    ModelBundle bundle,
    String location,
    Path file,
    List<ImageFrame> frames,
    Thresholds thresholds,
    int threads) {

  /** Images of the warm-up of a run. */
  static long warmUp(long images) {
    return Math.max(1, images / 10);
  }
}
