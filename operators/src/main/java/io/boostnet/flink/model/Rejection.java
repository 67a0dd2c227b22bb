package io.boostnet.flink.model;

import org.apache.flink.annotation.PublicEvolving;

/**
 * A frame that could not be classified, and why.
 *
 * @param frame what is known of it; a null source and sequence -1 where it could not be read or its
 *     source is too long
 * @param reason why, as a word to count
 * @param stage where: {@value #READ}, {@value #FETCH}, {@value #DECODE} or stage-1 .. stage-K
 * @param detail one sentence: what was found and what was expected
 */
@PublicEvolving
public record Rejection(Frame frame, Reason reason, String stage, String detail) {

  /** {@link #stage()} of a record that is not a readable frame, or whose source is too long. */
  public static final String READ = "read";

  /** {@link #stage()} of an image that its frame refers to and that could not be had. */
  public static final String FETCH = "fetch";

  /** {@link #stage()} of an image that cannot be decoded. */
  public static final String DECODE = "decode";

  /** Why a frame was rejected. */
  public enum Reason {
    /** Not a frame in the format that the stream has. */
    UNREADABLE_RECORD,
    /** A content type or image kind that is not decoded. */
    UNSUPPORTED_CONTENT,
    /** The bytes are not a whole image. */
    CORRUPT_IMAGE,
    /** Bytes, pixels, the source's characters or the baggage above the limit. */
    TOO_LARGE,
    /** An image that its frame refers to is missing, or could not be had in time. */
    IMAGE_UNAVAILABLE,
    /** The network's call failed for this frame. */
    INFERENCE_FAILED
  }

  /** Of a Kafka record that is not a frame, or none that can be identified. */
  public static Rejection unreadable(SourceRecord record, String detail) {
    Frame unknown = new Frame(null, -1, record.timestampMs(), Frame.UNLABELLED, Origin.of(record));
    return new Rejection(unknown, Reason.UNREADABLE_RECORD, READ, detail);
  }

  /** The same of a frame with other baggage. */
  public Rejection with(Baggage baggage) {
    return new Rejection(frame.with(baggage), reason, stage, detail);
  }
}
