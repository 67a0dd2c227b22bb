package io.boostnet.jobs.load;

import io.boostnet.schema.ImageFrame;
import java.util.SplittableRandom;

/** Random numbers of a frame: the same for the same seed, source and sequence. */
final class FrameSeed {

  private static final long ODD = 0x9e3779b97f4a7c15L;

  private FrameSeed() {}

  static SplittableRandom random(long seed, ImageFrame frame) {
    long source = frame.getSourceId().hashCode();
    return new SplittableRandom(((seed * ODD + source) * ODD + frame.getSequence()) * ODD);
  }
}
