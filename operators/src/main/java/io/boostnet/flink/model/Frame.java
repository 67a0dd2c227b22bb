package io.boostnet.flink.model;

import org.apache.flink.annotation.PublicEvolving;

/**
 * What identifies an image on its way through the cascade. The pixels travel beside it.
 *
 * @param sourceId what the image comes from; order is defined within a source
 * @param sequence position in its source, from 0
 * @param timestampMs event time, in milliseconds since the Unix epoch
 * @param label index of the true class, from 0; {@link #UNLABELLED} where it is not known
 * @param deadlineMs when its prediction must be made, in milliseconds since the Unix epoch; {@link
 *     #NO_DEADLINE} where the record sets none
 * @param origin where it came from, with the original bytes
 * @param baggage what it takes along to its prediction or dead letter
 */
@PublicEvolving
public record Frame(
    String sourceId,
    long sequence,
    long timestampMs,
    int label,
    long deadlineMs,
    Origin origin,
    Baggage baggage) {

  /** The {@link #label()} of a frame whose true class is not known. */
  public static final int UNLABELLED = -1;

  /** The {@link #deadlineMs()} of a frame that sets none. */
  public static final long NO_DEADLINE = Long.MAX_VALUE;

  /** A frame without baggage. */
  public Frame(
      String sourceId, long sequence, long timestampMs, int label, long deadlineMs, Origin origin) {
    this(sourceId, sequence, timestampMs, label, deadlineMs, origin, Baggage.NONE);
  }

  /** A frame without a deadline of its own, and without baggage. */
  public Frame(String sourceId, long sequence, long timestampMs, int label, Origin origin) {
    this(sourceId, sequence, timestampMs, label, NO_DEADLINE, origin);
  }

  /** The same with other baggage. */
  public Frame with(Baggage newBaggage) {
    return new Frame(sourceId, sequence, timestampMs, label, deadlineMs, origin, newBaggage);
  }
}
