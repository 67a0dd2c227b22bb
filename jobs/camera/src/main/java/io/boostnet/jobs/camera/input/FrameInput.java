package io.boostnet.jobs.camera.input;

import java.io.Closeable;

/**
 * The frames of one camera or file, in their order. One thread reads and closes it; {@link #cancel}
 * may come from any other.
 */
public interface FrameInput extends Closeable {

  /** No time is known of a frame. */
  long NO_TIME = Long.MIN_VALUE;

  /**
   * Connects, or opens the file, and waits until it is known what comes; once, before all else but
   * {@link #cancel} and {@link #close}.
   *
   * @throws MediaException where that fails, or there is no video
   */
  void open() throws MediaException;

  /**
   * Goes to the next frame, and decodes no more than is needed to come to the one after it.
   *
   * @return false at the end
   * @throws MediaException where the rest cannot be read, the peer is silent for too long, or it
   *     was cancelled
   */
  boolean advance() throws MediaException;

  /** The frame's time in the stream, in microseconds; {@link #NO_TIME} where there is none. */
  long timeMicros();

  /**
   * When the stream's time 0 was, in ms since the epoch; {@link #NO_TIME} where it does not say.
   */
  long recordedAtMs();

  /**
   * The frame, whole: the camera's own file where it made one, else a JPEG.
   *
   * @throws MediaException where it cannot be decoded
   */
  EncodedImage whole() throws MediaException;

  /**
   * A part of the frame, as a JPEG.
   *
   * @throws MediaException where it cannot be decoded, or the box lies outside
   */
  EncodedImage part(Box box) throws MediaException;

  /** Frames and packets so far that were damaged and left out. */
  long damaged();

  /** What is read, for a person: format, codec and size. */
  String description();

  /** Ends a call that waits for the peer, and every later one, with an exception. */
  void cancel();

  @Override
  void close();
}
