package io.boostnet.jobs.format;

import io.boostnet.flink.model.RecordHeader;
import java.io.Serializable;
import java.util.List;

/**
 * Which headers of a frame's record travel to its prediction or dead letter.
 *
 * @param names names of headers; a star at the end stands for any rest
 */
public record HeaderSelection(List<String> names) implements Serializable {

  private static final long serialVersionUID = 1;

  /**
   * Checks the names.
   *
   * @throws IllegalArgumentException where one is empty or has a star elsewhere
   */
  public HeaderSelection {
    names = List.copyOf(names);
    for (String name : names) {
      int star = name.indexOf('*');
      if (name.isBlank() || star >= 0 && star < name.length() - 1) {
        throw new IllegalArgumentException(
            "kafka.forwardHeaders has '"
                + name
                + "'; give names of headers, with a star at the end for any rest");
      }
    }
  }

  List<RecordHeader> of(List<RecordHeader> headers) {
    return headers.stream().filter(header -> takes(header.key())).toList();
  }

  private boolean takes(String key) {
    for (String name : names) {
      if (name.endsWith("*")
          ? key.startsWith(name.substring(0, name.length() - 1))
          : key.equals(name)) {
        return true;
      }
    }
    return false;
  }
}
