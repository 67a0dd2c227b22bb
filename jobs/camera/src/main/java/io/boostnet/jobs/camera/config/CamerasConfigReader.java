package io.boostnet.jobs.camera.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.boostnet.jobs.config.ConfigException;
import io.boostnet.jobs.config.StrictYaml;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Reads a {@link CamerasConfig} and checks what it names on this machine. */
public final class CamerasConfigReader {

  private static final StrictYaml YAML = new StrictYaml("camera");

  private CamerasConfigReader() {}

  /**
   * Reads a configuration.
   *
   * @param bootstrapServers in place of those of the file; null for these
   * @throws ConfigException where something is wrong, or a file is not there
   */
  public static CamerasConfig read(Path file, String bootstrapServers) {
    ObjectNode root = YAML.parse(file);
    if (bootstrapServers != null) {
      root.withObject("/kafka").put("bootstrapServers", bootstrapServers);
    }
    if (root.get("cameras") instanceof ObjectNode cameras) {
      for (Map.Entry<String, JsonNode> camera : cameras.properties()) {
        checkCamera(file, camera.getKey(), camera.getValue());
      }
    }
    return YAML.bind(root, CamerasConfig.class, file.toString());
  }

  /** Apart from the others, so that the sentence names the camera. */
  private static void checkCamera(Path file, String name, JsonNode node) {
    if (!(node instanceof ObjectNode keys)) {
      throw new ConfigException(
          "In %s, cameras.%s is %s; give keys and values, input first."
              .formatted(file, name, node));
    }
    CameraConfig camera = YAML.bind(keys, CameraConfig.class, "cameras." + name + " of " + file);
    Path path = camera.path();
    if (path != null && !Files.isReadable(path)) {
      throw new ConfigException(
          "In cameras.%s of %s, input is %s, which cannot be read; give a file, a directory or a URL."
              .formatted(name, file, path));
    }
  }
}
