package io.boostnet.flink.model;

/**
 * A Kafka record whose value has not been read yet, so that one that cannot be read becomes a dead
 * letter with its coordinates rather than an exception in the source.
 *
 * @param value the record's value; null for a tombstone
 * @param topic the topic
 * @param partition the partition, from 0
 * @param offset the offset, from 0
 * @param timestampMs the record's timestamp, in milliseconds since the Unix epoch
 */
public record SourceRecord(
    byte[] value, String topic, int partition, long offset, long timestampMs) {}
