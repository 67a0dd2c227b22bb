package io.boostnet.jobs.load;

import io.boostnet.jobs.files.FrameFile;
import io.boostnet.schema.ImageFrame;
import java.io.Closeable;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * A frame file without an end: after its last frame it starts again, with new sequence numbers.
 *
 * <p>In the first pass a frame keeps the sequence it has in the file. In pass p it gets {@code
 * sequence + p * stride}, where the stride of a source is one more than its largest sequence in the
 * file; so (sourceId, sequence) never repeats if it does not repeat in the file, and grows within a
 * source if it grows in the file. Not thread-safe.
 */
final class LoopedFrames implements Closeable {

  private final Path path;
  private final Map<String, Long> stride = new HashMap<>();
  private FrameFile pass;
  private long passes;

  LoopedFrames(Path path) {
    this.path = path;
    this.pass = FrameFile.open(path);
  }

  /** The next frame; the caller owns it. */
  ImageFrame next() {
    if (!pass.hasNext()) {
      pass.close();
      pass = FrameFile.open(path);
      passes++;
    }
    ImageFrame frame = pass.next();
    String source = frame.getSourceId();
    if (passes == 0) {
      stride.merge(source, frame.getSequence() + 1, Math::max);
    } else {
      frame.setSequence(frame.getSequence() + passes * stride.get(source));
    }
    return frame;
  }

  @Override
  public void close() {
    pass.close();
  }
}
