package io.boostnet.flink.model;

import java.util.List;
import org.apache.flink.annotation.PublicEvolving;

/**
 * A Kafka record whose value has not been read yet, so that one that cannot be read becomes a dead
 * letter with its coordinates rather than an exception in the source.
 *
 * @param key the record's key; null for none
 * @param value the record's value; null for a tombstone
 * @param topic the topic
 * @param partition the partition, from 0
 * @param offset the offset, from 0
 * @param timestampMs the record's timestamp, in milliseconds since the Unix epoch
 * @param headers the record's headers, in their order
 */
@PublicEvolving
public record SourceRecord(
    byte[] key,
    byte[] value,
    String topic,
    int partition,
    long offset,
    long timestampMs,
    List<RecordHeader> headers) {

  /** A record without key and headers. */
  public SourceRecord(byte[] value, String topic, int partition, long offset, long timestampMs) {
    this(null, value, topic, partition, offset, timestampMs, List.of());
  }

  /** The last header of this key; null where there is none. */
  public RecordHeader header(String key) {
    for (int i = headers.size() - 1; i >= 0; i--) {
      if (headers.get(i).key().equals(key)) {
        return headers.get(i);
      }
    }
    return null;
  }
}
