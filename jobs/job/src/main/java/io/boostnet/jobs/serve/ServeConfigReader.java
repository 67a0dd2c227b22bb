package io.boostnet.jobs.serve;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.boostnet.jobs.config.ConfigException;
import io.boostnet.jobs.config.StrictYaml;
import java.nio.file.Path;
import java.util.Map;

/**
 * Reads a {@link ServeConfig} from a YAML file, values of the command line laid over it, as
 * strictly as {@link StrictYaml} does.
 */
public final class ServeConfigReader {

  private static final StrictYaml YAML = new StrictYaml("serve", ConfigText.module());

  private ServeConfigReader() {}

  /**
   * Reads a configuration.
   *
   * @param file the YAML file; null for none
   * @param overrides values by key, as {@code kafka.groupId}; a list is separated by commas
   * @throws ConfigException where something is wrong
   */
  static ServeConfig read(Path file, Map<String, String> overrides) {
    return read(file, overrides, ServeConfig.class);
  }

  /** Reads what it says of Kafka, as {@link #read} does; null where it says nothing. */
  static KafkaConfig readKafka(Path file, Map<String, String> overrides) {
    return read(file, overrides, KafkaPart.class).kafka();
  }

  @JsonIgnoreProperties(ignoreUnknown = true)
  private record KafkaPart(KafkaConfig kafka) {}

  /**
   * Reads a configuration that comes from something other than a file.
   *
   * @param values values by key, as {@code kafka.groupId}; a list is separated by commas
   * @param where what holds them, in words
   * @throws ConfigException where something is wrong
   */
  public static ServeConfig read(Map<String, String> values, String where) {
    return read(null, values, ServeConfig.class, where);
  }

  private static <T> T read(Path file, Map<String, String> overrides, Class<T> type) {
    return read(file, overrides, type, file == null ? "the command line" : file.toString());
  }

  private static <T> T read(Path file, Map<String, String> overrides, Class<T> type, String where) {
    ObjectNode root = YAML.parse(file);
    overrides.forEach((key, value) -> set(root, key, value));
    return YAML.bind(root, type, where);
  }

  private static void set(ObjectNode root, String key, String value) {
    String[] path = key.split("\\.");
    ObjectNode node = root;
    for (int i = 0; i < path.length - 1; i++) {
      node = node.get(path[i]) instanceof ObjectNode child ? child : node.putObject(path[i]);
    }
    String name = path[path.length - 1];
    if (ConfigKey.of(key).isList()) {
      ArrayNode list = node.putArray(name);
      for (String element : value.split(",")) {
        list.add(element.strip());
      }
    } else {
      node.put(name, value);
    }
  }
}
