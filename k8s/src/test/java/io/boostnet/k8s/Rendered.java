package io.boostnet.k8s;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * The resources of one kustomization, as a cluster would get them. Rendered once.
 *
 * @param name base, dev, prod or gpu
 * @param resources as trees; not to be changed
 */
record Rendered(String name, List<JsonNode> resources) {

  static final YAMLMapper YAML =
      YAMLMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private static final Map<String, Rendered> ALL = new ConcurrentHashMap<>();

  /** All kustomizations of this directory. */
  static Stream<Rendered> all() {
    return Stream.of("base", "overlays/dev", "overlays/prod", "overlays/gpu").map(Rendered::of);
  }

  private static Rendered of(String directory) {
    return ALL.computeIfAbsent(
        directory,
        it -> {
          Path path = Path.of(it);
          return new Rendered(path.getFileName().toString(), parse(Kubectl.kustomize(path)));
        });
  }

  private static List<JsonNode> parse(String documents) {
    try (var values = YAML.readerFor(JsonNode.class).<JsonNode>readValues(documents)) {
      return values.readAll();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The resources of a kind. */
  List<JsonNode> all(String kind) {
    return resources.stream().filter(it -> it.path("kind").asText().equals(kind)).toList();
  }

  /** The only resource of a kind. */
  JsonNode only(String kind) {
    List<JsonNode> found = all(kind);
    if (found.size() != 1) {
      throw new IllegalStateException(name + " has " + found.size() + " resources " + kind);
    }
    return found.get(0);
  }

  /** The resource of a kind and name. */
  JsonNode named(String kind, String wanted) {
    return all(kind).stream()
        .filter(it -> it.at("/metadata/name").asText().equals(wanted))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException(name + " has no " + kind + " " + wanted));
  }

  /** The options of the FlinkDeployment. */
  Map<String, String> flinkConfiguration() {
    Map<String, String> options = new LinkedHashMap<>();
    only("FlinkDeployment")
        .at("/spec/flinkConfiguration")
        .properties()
        .forEach(it -> options.put(it.getKey(), it.getValue().asText()));
    return options;
  }

  @Override
  public String toString() {
    return name;
  }
}
