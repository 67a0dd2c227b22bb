package io.boostnet.training.bundle;

import io.boostnet.schema.ElementType;
import io.boostnet.training.input.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/**
 * The options that {@code export} and {@code import} share: where the bundle goes and how it is
 * made.
 */
final class BundleOptions {

  @Option(
      names = {"-o", "--output"},
      required = true,
      description = "Directory of the bundle; must not exist yet.")
  Path output;

  @Option(names = "--name", description = "Name of the bundle. Default: the name of its directory.")
  private String name;

  @Option(
      names = "--bundle-version",
      defaultValue = "1",
      description = "Version of the bundle. Default: ${DEFAULT-VALUE}.")
  String version;

  @Option(
      names = "--labels",
      description = "Text file with the name of one class per line, in the order of the classes.")
  private Path labels;

  @Option(
      names = "--fp16",
      description =
          "Store weights and carried feature maps in 16 bits: half the size, and half the memory between the stages.")
  private boolean half;

  @Option(
      names = "--threads",
      description = "Threads of ONNX Runtime for the evidence. Default: all processors.")
  private int threads = Runtime.getRuntime().availableProcessors();

  String name() {
    return name == null ? output.toAbsolutePath().normalize().getFileName().toString() : name;
  }

  ElementType storage() {
    return half ? ElementType.FLOAT16 : ElementType.FLOAT;
  }

  BundleWriter writer() {
    return new BundleWriter(threads, System.console() != null);
  }

  /** The class names of the labels file, if one was given. */
  Optional<List<String>> labels() {
    if (labels == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          Files.readAllLines(labels).stream().filter(line -> !line.isBlank()).toList());
    } catch (IOException e) {
      throw new BadInputException("The labels file " + labels + " cannot be read: " + e, e);
    }
  }
}
