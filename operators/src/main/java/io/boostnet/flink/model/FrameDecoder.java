package io.boostnet.flink.model;

import java.io.Serializable;
import org.apache.flink.annotation.PublicEvolving;

/**
 * From a record of a stream to the image that it holds or refers to, still encoded: what a user
 * writes whose records are of a kind of their own. An instance is opened and used by one thread; a
 * copy of it is sent to every subtask.
 *
 * @param <I> type of the stream's records
 */
@PublicEvolving
public interface FrameDecoder<I> extends Serializable, AutoCloseable {

  /** Prepares what is not serialized; called once before the first record. */
  default void open() {}

  /**
   * Reads a record.
   *
   * @param record the record; it must not be kept or changed
   * @return the frame and its image, whose bytes the library neither changes nor copies
   * @throws RejectedFrameException where the record is not a frame; it becomes a dead letter. Any
   *     other exception fails the job
   */
  EncodedFrame decode(I record) throws RejectedFrameException;

  /** Releases what {@link #open} took. */
  @Override
  default void close() {}
}
