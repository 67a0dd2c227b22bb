package io.boostnet.jobs.load;

import io.boostnet.jobs.config.ConfigException;
import io.boostnet.jobs.files.FrameFile;
import io.boostnet.schema.ImageFrame;
import java.io.Closeable;
import java.nio.file.Path;

/**
 * The frames of a stream that drifts: a frame file over and over, from which classes that come less
 * often leave frames out, and whose images are corrupted. Not thread-safe.
 */
final class DriftingFrames implements Closeable {

  private static final int NO_LABEL = -1;

  private final StreamDrift drift;
  private final LoopedFrames frames;
  private final long framesInFile;
  private final Corruptor corruptor;

  DriftingFrames(Path path, StreamDrift drift) {
    this.drift = drift;
    this.frames = new LoopedFrames(path);
    this.framesInFile = drift.classes() == null ? 0 : FrameFile.count(path);
    this.corruptor =
        drift.corruption() == null ? null : new Corruptor(drift.corruption(), drift.seed());
  }

  /**
   * The next frame; the caller owns it.
   *
   * @param index its number in the stream, from 0
   * @param dueSeconds when it is due, in seconds since the start
   */
  ImageFrame next(long index, double dueSeconds) {
    boolean mixed = drift.classes() != null && drift.classesFrom().isBefore(index, dueSeconds);
    ImageFrame frame = mixed ? nextOfMix() : frames.next();
    if (corruptor != null && drift.corruptFrom().isBefore(index, dueSeconds)) {
      corruptor.corrupt(frame);
    }
    return frame;
  }

  private ImageFrame nextOfMix() {
    long without = 0;
    while (without < framesInFile) {
      ImageFrame frame = frames.next();
      double weight =
          drift.classes().weight(frame.getLabel() == null ? NO_LABEL : frame.getLabel());
      if (FrameSeed.random(~drift.seed(), frame).nextDouble() * drift.classes().largest()
          < weight) {
        return frame;
      }
      without = weight > 0 ? 0 : without + 1;
    }
    throw new ConfigException(
        "No frame of the file has a class of the mix " + drift.classes() + ".");
  }

  @Override
  public void close() {
    frames.close();
    if (corruptor != null) {
      corruptor.close();
    }
  }
}
