package io.boostnet.training.bundle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.boostnet.training.data.DataSplits;
import io.boostnet.training.input.BadInputException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options that every command which makes a bundle has: where it goes, and how it is called. */
public class BundleTarget {

  @Option(
      names = {"-o", "--output"},
      description = "Directory of the bundle; must not exist yet.")
  protected Path output;

  @Option(names = "--name", description = "Name of the bundle. Default: the name of its directory.")
  private String name;

  @Option(
      names = "--bundle-version",
      defaultValue = "1",
      description = "Version of the bundle. Default: ${DEFAULT-VALUE}.")
  protected String version;

  @Option(
      names = "--labels",
      description =
          "Names of the classes in their order: a text file with one per line, or JSON, a list or id2label.")
  private Path labels;

  @Option(
      names = "--threads",
      description = "Threads of ONNX Runtime for the evidence. Default: all processors.")
  protected int threads = Runtime.getRuntime().availableProcessors();

  /**
   * The directory of the bundle.
   *
   * @throws BadInputException where there is something already, or no directory was given
   */
  public Path output() {
    if (output == null) {
      throw BadInputException.of("Where the bundle goes is not said: give --output.");
    }
    if (Files.exists(output)) {
      throw BadInputException.of(
          "There is something at %s already: give another place or remove it.", output);
    }
    return output;
  }

  /** The name of the bundle. */
  public String name() {
    return name == null ? output().toAbsolutePath().normalize().getFileName().toString() : name;
  }

  /** The version of the bundle. */
  public String version() {
    return version;
  }

  /** Threads of ONNX Runtime. */
  public int threads() {
    return threads;
  }

  /** Writes a bundle and prints what it does. */
  public Optional<Evaluation> write(StagedModel model, Optional<DataSplits> data, PrintWriter out)
      throws IOException {
    Optional<Evaluation> evaluation =
        new BundleWriter(threads, System.console() != null).write(model, data, output());
    out.printf(
        Locale.ROOT,
        "%s: %s with %d exits and %d classes, %s%n",
        output,
        model.architecture().getFamily(),
        model.stages().size(),
        model.classes(),
        model.provenance().getOrigin());
    evaluation.ifPresent(measured -> measured.print(out));
    return evaluation;
  }

  /** The class names of the labels file, if one was given. */
  public Optional<List<String>> labels() {
    return labels == null ? Optional.empty() : Optional.of(read(labels));
  }

  private static List<String> read(Path file) {
    try {
      if (file.toString().endsWith(".json")) {
        return ofJson(new ObjectMapper().readTree(file.toFile()), file);
      }
      return Files.readAllLines(file).stream().filter(line -> !line.isBlank()).toList();
    } catch (IOException e) {
      throw new BadInputException("The labels file " + file + " cannot be read: " + e, e);
    }
  }

  /** A list of names, or names by number, by themselves or as {@code id2label}. */
  private static List<String> ofJson(JsonNode json, Path file) {
    JsonNode names = json.has("id2label") ? json.get("id2label") : json;
    List<String> labels = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      JsonNode label = names.isArray() ? names.get(i) : names.get(String.valueOf(i));
      if (label == null || !label.isValueNode()) {
        throw BadInputException.of(
            "The labels file %s names no class %d; it holds a list, or an object with the keys 0 to %d.",
            file, i, names.size() - 1);
      }
      labels.add(label.asText());
    }
    return labels;
  }
}
