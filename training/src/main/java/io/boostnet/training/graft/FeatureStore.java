package io.boostnet.training.graft;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Features of many images in a file, row after row: the operating system keeps in memory what fits.
 * Written once in order, then read in any order. Used by one thread; the file belongs to whoever
 * names it.
 */
final class FeatureStore implements AutoCloseable {

  private static final long SEGMENT_BYTES = 1L << 29;

  private final FileChannel file;
  private final int rowFloats;
  private final long rowsOfSegment;
  private final List<FloatBuffer> segments = new ArrayList<>();

  /**
   * @param path a new file
   * @param rowFloats floats of an image
   */
  FeatureStore(Path path, int rowFloats) throws IOException {
    this.file =
        FileChannel.open(
            path, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
    this.rowFloats = rowFloats;
    this.rowsOfSegment = Math.max(1, SEGMENT_BYTES / (4L * rowFloats));
  }

  /** Adds rows. */
  void append(FloatBuffer rows) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(4 * rows.remaining()).order(ByteOrder.nativeOrder());
    bytes.asFloatBuffer().put(rows);
    while (bytes.hasRemaining()) {
      file.write(bytes);
    }
  }

  /** Ends the writing. */
  void seal() throws IOException {
    long segmentBytes = rowsOfSegment * rowFloats * 4L;
    for (long from = 0; from < file.size(); from += segmentBytes) {
      long length = Math.min(segmentBytes, file.size() - from);
      segments.add(
          file.map(MapMode.READ_ONLY, from, length).order(ByteOrder.nativeOrder()).asFloatBuffer());
    }
  }

  /** Floats of an image. */
  int rowFloats() {
    return rowFloats;
  }

  /** Copies a row into {@code target}. */
  void read(int row, float[] target, int offset) {
    int start = Math.toIntExact(row % rowsOfSegment * rowFloats);
    segments.get((int) (row / rowsOfSegment)).get(start, target, offset, rowFloats);
  }

  @Override
  public void close() throws IOException {
    segments.clear();
    file.close();
  }
}
