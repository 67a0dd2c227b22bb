package io.boostnet.jobs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The small network with random weights that the library's tests use: three stages, ten classes.
 */
public final class TestBundle {

  /** Its directory. */
  public static final Path DIRECTORY =
      Path.of("..", "operators", "src", "test", "resources", "bundles", "random");

  private TestBundle() {}

  /** A copy to damage. */
  public static Path copyTo(Path directory) {
    try (Stream<Path> entries = Files.list(DIRECTORY)) {
      List<Path> files = entries.toList();
      Files.createDirectories(directory);
      for (Path file : files) {
        Files.copy(file, directory.resolve(file.getFileName()));
      }
      return directory;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
