package io.boostnet.jobs.serve;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.boostnet.jobs.config.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Reads a {@link ServeConfig} from a YAML file, values of the command line laid over it. Strict: an
 * unknown key, a key given twice and a value of another kind are errors, told in one sentence.
 */
final class ServeConfigReader {

  private static final ObjectMapper YAML =
      YAMLMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .addModule(ConfigText.module())
          .build();

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

  private static <T> T read(Path file, Map<String, String> overrides, Class<T> type) {
    ObjectNode root = file == null ? YAML.createObjectNode() : parse(file);
    overrides.forEach((key, value) -> set(root, key, value));
    String where = file == null ? "the command line" : file.toString();
    try {
      return YAML.treeToValue(root, type);
    } catch (UnrecognizedPropertyException e) {
      String known =
          e.getKnownPropertyIds().stream()
              .map(String::valueOf)
              .sorted()
              .collect(Collectors.joining(", "));
      throw new ConfigException(
          "Unknown key %s in %s; known there: %s.".formatted(key(e), where, known), e);
    } catch (InvalidFormatException e) {
      throw new ConfigException(
          "In %s, %s is '%s'; give a %s."
              .formatted(where, key(e), e.getValue(), kind(e.getTargetType())),
          e);
    } catch (JsonMappingException e) {
      String reason =
          e.getCause() instanceof IllegalArgumentException cause
              ? cause.getMessage()
              : key(e) + " has another kind of value than is needed; see serve --help";
      throw new ConfigException("In %s, %s.".formatted(where, reason), e);
    } catch (JsonProcessingException e) {
      throw new ConfigException("%s cannot be read; see serve --help.".formatted(where), e);
    }
  }

  private static ObjectNode parse(Path file) {
    try {
      JsonNode root = YAML.readTree(Files.readString(file));
      if (root.isMissingNode() || root.isNull()) {
        return YAML.createObjectNode();
      }
      if (root instanceof ObjectNode object) {
        return object;
      }
      throw new ConfigException(
          "The configuration file " + file + " is not a YAML mapping of keys to values.");
    } catch (JsonProcessingException e) {
      throw new ConfigException(
          "The configuration file %s is not readable YAML (line %d: %s)."
              .formatted(file, e.getLocation().getLineNr(), firstLine(e.getOriginalMessage())),
          e);
    } catch (IOException e) {
      throw new ConfigException(
          "The configuration file " + file + " cannot be read; give the path of a YAML file.", e);
    }
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

  private static String key(JsonMappingException e) {
    return e.getPath().stream()
        .map(
            step ->
                step.getFieldName() == null
                    ? "[" + step.getIndex() + "]"
                    : "." + step.getFieldName())
        .collect(Collectors.joining())
        .substring(1);
  }

  private static String kind(Class<?> type) {
    return Integer.class.equals(type)
        ? "whole number"
        : Double.class.equals(type) ? "number" : type.getSimpleName();
  }

  private static String firstLine(String text) {
    return text.lines().findFirst().orElse("");
  }
}
