package io.boostnet.jobs.camera.input;

/** One frame cannot be used; those after it can. */
public final class DamagedFrameException extends MediaException {

  private static final long serialVersionUID = 1;

  /** One clause. */
  public DamagedFrameException(String message) {
    super(message);
  }
}
