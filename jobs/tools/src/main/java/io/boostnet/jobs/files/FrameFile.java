package io.boostnet.jobs.files;

import io.boostnet.jobs.config.ConfigException;
import io.boostnet.schema.ImageFrame;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.specific.SpecificDatumReader;

/**
 * A frame file: an Avro container of {@link ImageFrame} records, read in order, one pass for one
 * opening. Every frame is a new object that the caller may keep and change.
 *
 * <p>Not thread-safe. Opening fails with a {@link ConfigException} where the file is missing, is no
 * Avro container, or holds no frame; a file that is cut later on fails on {@link #next()}.
 */
public final class FrameFile implements Iterator<ImageFrame>, Closeable {

  private final Path path;
  private final DataFileReader<ImageFrame> reader;

  private FrameFile(Path path, DataFileReader<ImageFrame> reader) {
    this.path = path;
    this.reader = reader;
  }

  /** Opens a frame file at its first frame. */
  public static FrameFile open(Path path) {
    if (!Files.isRegularFile(path)) {
      throw new ConfigException(
          "The frame file " + path + " does not exist; give the path of an .avro frame file.");
    }
    FrameFile file;
    try {
      file =
          new FrameFile(
              path,
              new DataFileReader<>(path.toFile(), new SpecificDatumReader<>(ImageFrame.class)));
    } catch (IOException | RuntimeException | OutOfMemoryError e) {
      // Avro answers damage with exceptions of many kinds, and allocates whatever a length claims.
      throw new ConfigException(
          "The frame file " + path + " is not an Avro container of ImageFrame records.", e);
    }
    if (!file.hasNext()) {
      file.close();
      throw new ConfigException("The frame file " + path + " holds no frame.");
    }
    return file;
  }

  /** Names of the classes that the labels are of; empty where the file does not say. */
  public List<String> classes() {
    String names = reader.getMetaString("boostnet.classes");
    return names == null ? List.of() : names.lines().toList();
  }

  /** Number of frames in a file: reads the block headers alone. */
  public static long count(Path path) {
    try (FrameFile file = open(path)) {
      long frames = 0;
      while (file.reader.hasNext()) {
        frames += file.reader.getBlockCount();
        file.reader.nextBlock();
      }
      return frames;
    } catch (ConfigException e) {
      throw e;
    } catch (IOException | RuntimeException | OutOfMemoryError e) {
      throw new ConfigException("The frame file " + path + " is cut or damaged.", e);
    }
  }

  /**
   * Reads a file to its end, for what needs every frame's class.
   *
   * @throws ConfigException where a frame has no label
   */
  public static void requireLabels(Path path) {
    try (FrameFile file = open(path)) {
      while (file.hasNext()) {
        ImageFrame frame = file.next();
        if (frame.getLabel() == null) {
          throw new ConfigException(
              "The frame file %s has no label at frame %d of source %s; accuracy is judged by labels: give a file of labelled images (./boostnet frames)."
                  .formatted(path, frame.getSequence(), frame.getSourceId()));
        }
      }
    }
  }

  @Override
  public boolean hasNext() {
    try {
      boolean more = reader.hasNext();
      // Avro takes a block that is cut for the end of the file.
      if (!more && reader.previousSync() != Files.size(path)) {
        throw damaged(null);
      }
      return more;
    } catch (ConfigException e) {
      throw e;
    } catch (IOException | RuntimeException | OutOfMemoryError e) {
      throw damaged(e);
    }
  }

  @Override
  public ImageFrame next() {
    try {
      return reader.next();
    } catch (NoSuchElementException e) {
      throw e;
    } catch (RuntimeException | OutOfMemoryError e) {
      throw damaged(e);
    }
  }

  private ConfigException damaged(Throwable cause) {
    return new ConfigException("The frame file " + path + " is cut or damaged.", cause);
  }

  @Override
  public void close() {
    try {
      reader.close();
    } catch (IOException e) {
      throw new UncheckedIOException("closing " + path, e);
    }
  }
}
