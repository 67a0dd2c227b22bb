package io.boostnet.flink.model;

import java.io.Serializable;
import org.apache.flink.annotation.Internal;

/**
 * A partition whose timestamps do not go with the time that passes, so that what arrives there is
 * measured by its records and not by their timestamps.
 *
 * @param topic Kafka topic; null where the source was not Kafka
 * @param partition Kafka partition, from 0; -1 where the source was not Kafka
 * @param behindMs how far its newest timestamp was behind when that was last seen, in milliseconds;
 *     below 0 where it was ahead
 */
@Internal
public record OffClock(String topic, int partition, long behindMs) implements Serializable {

  private static final long serialVersionUID = 1;

  /** The partition in words. */
  public String where() {
    return topic == null ? "the source" : topic + "-" + partition;
  }

  @Override
  public String toString() {
    return "%s %.1f s %s"
        .formatted(where(), Math.abs(behindMs) / 1000.0, behindMs < 0 ? "ahead" : "behind");
  }
}
