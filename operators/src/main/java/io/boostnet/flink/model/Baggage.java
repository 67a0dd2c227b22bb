package io.boostnet.flink.model;

import java.io.Serializable;
import java.util.List;
import java.util.Map;
import org.apache.flink.annotation.PublicEvolving;

/**
 * What a frame takes along to its prediction or dead letter, unread: headers of its record, and
 * fields of it that nothing here knows. Immutable.
 *
 * @param headers chosen headers of its record, in their order
 * @param fields chosen fields of its record: name and JSON text
 */
@PublicEvolving
public record Baggage(List<RecordHeader> headers, Map<String, String> fields)
    implements Serializable {

  /** No baggage. */
  public static final Baggage NONE = new Baggage(List.of(), Map.of());

  private static final long serialVersionUID = 1;

  /** The same with these headers. */
  public Baggage with(List<RecordHeader> newHeaders) {
    return new Baggage(newHeaders, fields);
  }

  /** Characters and bytes of it all. */
  public int size() {
    int size = 0;
    for (RecordHeader header : headers) {
      size += header.size();
    }
    for (Map.Entry<String, String> field : fields.entrySet()) {
      size += field.getKey().length() + field.getValue().length();
    }
    return size;
  }
}
