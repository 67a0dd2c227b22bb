package io.boostnet.jobs.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.Module;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;

/**
 * Reads configurations from YAML files. Strict: an unknown key, a key given twice and a value of
 * another kind are errors, told in one sentence. Thread-safe, to be kept.
 */
public final class StrictYaml {

  private final String command;
  private final ObjectMapper yaml;

  /**
   * A reader.
   *
   * @param command the command whose help lists the keys
   * @param modules what else Jackson is to know
   */
  public StrictYaml(String command, Module... modules) {
    this.command = command;
    this.yaml =
        YAMLMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .addModules(modules)
            .build();
  }

  /**
   * The keys of a file, unread.
   *
   * @param file null for none
   * @throws ConfigException where it is no readable YAML mapping
   */
  public ObjectNode parse(Path file) {
    if (file == null) {
      return yaml.createObjectNode();
    }
    try {
      JsonNode root = yaml.readTree(Files.readString(file));
      if (root.isMissingNode() || root.isNull()) {
        return yaml.createObjectNode();
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

  /**
   * A configuration of keys and values. A type's own {@link IllegalArgumentException} becomes part
   * of the sentence.
   *
   * @param where where they come from, for the sentence
   * @throws ConfigException where something is wrong
   */
  public <T> T bind(ObjectNode root, Class<T> type, String where) {
    try {
      return yaml.treeToValue(root, type);
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
              : key(e)
                  + " has another kind of value than is needed; see %s --help".formatted(command);
      throw new ConfigException("In %s, %s.".formatted(where, reason), e);
    } catch (JsonProcessingException e) {
      throw new ConfigException("%s cannot be read; see %s --help.".formatted(where, command), e);
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
