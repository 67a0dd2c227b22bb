package io.boostnet.flink.model;

import org.apache.flink.annotation.PublicEvolving;

/**
 * Where a frame came from, and its original bytes, kept so that a dead letter can give both.
 *
 * @param topic Kafka topic; null where the source was not Kafka
 * @param partition Kafka partition, from 0; -1 where the source was not Kafka
 * @param offset Kafka offset, from 0; -1 where the source was not Kafka
 * @param payload the original bytes: the Kafka record's value, or the image; never changed, not
 *     copied
 */
@PublicEvolving
public record Origin(String topic, int partition, long offset, byte[] payload) {

  private static final byte[] NOTHING = {};

  /** Of a Kafka record; one without a value has an empty payload. */
  public static Origin of(SourceRecord record) {
    return new Origin(
        record.topic(),
        record.partition(),
        record.offset(),
        record.value() == null ? NOTHING : record.value());
  }

  /** A payload that came from something other than Kafka. */
  public static Origin elsewhere(byte[] payload) {
    return new Origin(null, -1, -1, payload);
  }
}
