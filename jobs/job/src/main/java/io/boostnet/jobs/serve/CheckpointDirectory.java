package io.boostnet.jobs.serve;

import io.boostnet.jobs.config.ConfigException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;
import org.apache.flink.core.fs.UnsupportedFileSystemSchemeException;

/** Whether checkpoints can be stored where they shall be, as far as it is known from here. */
final class CheckpointDirectory {

  private CheckpointDirectory() {}

  /**
   * Checks a directory and creates nothing.
   *
   * @param key the setting that names it
   * @param local whether it is this process that will write to it
   * @throws ConfigException where there is no file system for it, it does not answer, or it cannot
   *     be written
   */
  static void require(String key, URI directory, boolean local) {
    try {
      Path path = new Path(directory);
      FileSystem files = path.getFileSystem();
      if (files.isDistributedFS()) {
        files.exists(path);
      } else if (local) {
        requireWritable(key, java.nio.file.Path.of(path.getPath()));
      }
    } catch (UnsupportedFileSystemSchemeException e) {
      throw new ConfigException(
          "%s is %s, and there is no file system for %s:// here; put its plugin into Flink's plugins/, or give another URI."
              .formatted(key, directory, directory.getScheme()),
          e);
    } catch (IOException | IllegalArgumentException e) {
      throw new ConfigException(
          "%s is %s, and that cannot be reached (%s); check the URI and the credentials."
              .formatted(key, directory, e.getMessage()),
          e);
    }
  }

  private static void requireWritable(String key, java.nio.file.Path directory) {
    java.nio.file.Path there = directory;
    while (there != null && !Files.exists(there)) {
      there = there.getParent();
    }
    if (there == null || !Files.isDirectory(there) || !Files.isWritable(there)) {
      throw new ConfigException(
          "%s is %s, and %s is no directory that can be written; give another."
              .formatted(key, directory.toUri(), there));
    }
  }
}
