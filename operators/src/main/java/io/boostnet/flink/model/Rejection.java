package io.boostnet.flink.model;

/**
 * A frame that could not be classified, and why.
 *
 * @param frame what is known of it; a null source and sequence -1 where it could not be read or its
 *     source is too long
 * @param reason why, as a word to count
 * @param stage where: {@value #READ}, {@value #DECODE} or stage-1 .. stage-K
 * @param detail one sentence: what was found and what was expected
 */
public record Rejection(Frame frame, Reason reason, String stage, String detail) {

  /** {@link #stage()} of a record that is not a readable frame, or whose source is too long. */
  public static final String READ = "read";

  /** {@link #stage()} of an image that cannot be decoded. */
  public static final String DECODE = "decode";

  /** Why a frame was rejected. */
  public enum Reason {
    /** Not an image frame in Avro single-object encoding. */
    UNREADABLE_RECORD,
    /** A content type or image kind that is not decoded. */
    UNSUPPORTED_CONTENT,
    /** The bytes are not a whole image. */
    CORRUPT_IMAGE,
    /** Bytes, pixels or the source's characters above the limit. */
    TOO_LARGE,
    /** The network's call failed for this frame. */
    INFERENCE_FAILED
  }
}
