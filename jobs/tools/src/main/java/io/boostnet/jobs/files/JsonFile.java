package io.boostnet.jobs.files;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.boostnet.jobs.config.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reports as JSON: a record's components, in their order, two spaces of indent. */
public final class JsonFile {

  private static final ObjectMapper MAPPER =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private JsonFile() {}

  /** Writes a record, creating the directories above the file. */
  public static void write(Path file, Object value) {
    try {
      Path parent = file.toAbsolutePath().getParent();
      Files.createDirectories(parent);
      Files.writeString(file, text(value) + "\n");
    } catch (IOException e) {
      throw new ConfigException("The file " + file + " cannot be written (" + e + ").", e);
    }
  }

  /**
   * Reads back what {@link #write} wrote.
   *
   * @param <T> the record
   * @throws ConfigException where the file is missing or holds something else
   */
  public static <T> T read(Path file, Class<T> type) {
    try {
      return MAPPER.readValue(file.toFile(), type);
    } catch (IOException e) {
      throw new ConfigException("The file " + file + " cannot be read (" + e + ").", e);
    }
  }

  /** JSON text, indented. */
  public static String indented(String json) {
    try {
      return text(MAPPER.readTree(json));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not JSON: " + json, e);
    }
  }

  /** The JSON text of a record. */
  public static String text(Object value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not representable as JSON: " + value, e);
    }
  }
}
