package io.boostnet.flink.model;

import java.io.Serializable;
import org.apache.flink.annotation.Internal;

/**
 * Port: from a record of the stream to a frame and its image tensor. An instance is opened and used
 * by one thread.
 *
 * @param <I> type of the stream's records
 */
@Internal
public interface SampleDecoder<I> extends Serializable, AutoCloseable {

  /** Prepares what is not serialized; called once before the first record. */
  void open();

  /**
   * Reads a record, and leaves its image as it is.
   *
   * @throws RejectedFrameException where the record is not a frame
   */
  EncodedFrame read(I input) throws RejectedFrameException;

  /**
   * Decodes the image of a record that was read.
   *
   * @param frame the record
   * @param image receives the image tensor, as {@link Preprocessing} says, float32, in its one
   *     buffer; left undefined when this throws
   * @throws RejectedFrameException where its image cannot be decoded
   */
  void decode(EncodedFrame frame, Features image) throws RejectedFrameException;

  /**
   * Both.
   *
   * @return what identifies the frame
   * @throws RejectedFrameException where the record is not a frame or its image cannot be decoded
   */
  default Frame decode(I input, Features image) throws RejectedFrameException {
    EncodedFrame frame = read(input);
    decode(frame, image);
    return frame.frame();
  }

  /**
   * Frames so far whose image was read although it breaks its format's rules, where no pixel
   * depends on it.
   */
  long flawed();

  /** Releases what {@link #open} took. */
  @Override
  void close();
}
