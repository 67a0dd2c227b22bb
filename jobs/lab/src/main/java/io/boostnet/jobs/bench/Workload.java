package io.boostnet.jobs.bench;

import io.boostnet.flink.ModelBundle;
import io.boostnet.flink.exit.Thresholds;
import io.boostnet.flink.inference.Device;
import io.boostnet.flink.model.Precision;
import io.boostnet.jobs.files.FrameFile;
import io.boostnet.schema.ImageFrame;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What all contenders do.
 *
 * @param bundle the model bundle, in the form that is served
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

  /**
   * Reads bundle and frames; no frame leaves early.
   *
   * @throws io.boostnet.jobs.config.ConfigException where a frame has no label
   */
  static Workload read(String location, Path file, int threads) {
    FrameFile.requireLabels(file);
    ModelBundle bundle = ModelBundle.read(location).served(Precision.AUTO, Device.CPU).verify();
    List<ImageFrame> frames = new ArrayList<>();
    try (FrameFile reader = FrameFile.open(file)) {
      reader.forEachRemaining(frames::add);
    }
    Thresholds never = Thresholds.neverExit(1, bundle.cascade().exits());
    return new Workload(bundle, location, file.toAbsolutePath(), frames, never, threads);
  }

  /** The same with other thresholds. */
  Workload leavingAt(Thresholds other) {
    return new Workload(bundle, location, file, frames, other, threads);
  }

  /** The same, every image through the whole network. */
  Workload withoutEarlyExit() {
    return leavingAt(Thresholds.neverExit(1, thresholds.exits()));
  }

  /** The same on another number of threads. */
  Workload on(int otherThreads) {
    return new Workload(bundle, location, file, frames, thresholds, otherThreads);
  }

  /** Images of the warm-up of a run. */
  static long warmUp(long images) {
    return Math.max(1, images / 10);
  }
}
