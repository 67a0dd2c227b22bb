package io.boostnet.jobs.bench;

import io.boostnet.jobs.config.ConfigException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.util.FileUtils;

/**
 * Bundles of one MSDNet with random weights at growing image sizes, made by the {@code import}
 * command of the launcher in a temporary directory, which goes when this is closed. A larger image
 * has more scales, as MSDNet's heads ask for.
 */
final class RandomBundles implements Closeable {

  /** Side, form of the network, and growth factor of every scale. */
  private static final List<List<String>> NETWORKS =
      List.of(
          List.of("32", "other", "1-2-4"),
          List.of("64", "other", "1-2-4-4"),
          List.of("128", "other", "1-2-4-4-4"),
          List.of("224", "imagenet", "1-2-4-4"));

  private final Path directory;
  private final List<String> locations = new ArrayList<>();

  /** Nothing yet. */
  RandomBundles() throws IOException {
    directory = Files.createTempDirectory("boostnet-random-bundles");
  }

  /** Makes the bundles; returns where they are. */
  List<String> make() throws IOException, InterruptedException {
    for (List<String> network : NETWORKS) {
      locations.add(make(network.get(0), network.get(1), network.get(2)));
    }
    return List.copyOf(locations);
  }

  private String make(String side, String form, String growth)
      throws IOException, InterruptedException {
    Path bundle = directory.resolve("random-" + side);
    Path log = directory.resolve("import.log");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("boostnet.root", "."), "boostnet").toString());
    command.addAll(List.of("import", "--random-weights", "1", "--classes", "10"));
    command.addAll(List.of("--dataset", form, "--image-size", side));
    command.addAll(List.of("--nBlocks", "4", "--base", "4", "--step", "2", "--nChannels", "16"));
    command.addAll(List.of("--grFactor", growth, "--bnFactor", growth));
    command.addAll(List.of("--output", bundle.toString()));
    int code =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start()
            .waitFor();
    if (code != 0) {
      throw new ConfigException(
          "A network for images of %s pixels a side could not be made (%s); leave out the section cost, or run this through ./boostnet."
              .formatted(side, Files.readString(log).strip()));
    }
    return bundle.toString();
  }

  @Override
  public void close() throws IOException {
    FileUtils.deleteDirectory(directory.toFile());
  }
}
