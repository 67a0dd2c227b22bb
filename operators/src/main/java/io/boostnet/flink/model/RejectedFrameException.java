package io.boostnet.flink.model;

import org.apache.flink.annotation.PublicEvolving;

/** Thrown where a frame cannot be classified; becomes a dead letter and never fails the job. */
@PublicEvolving
public final class RejectedFrameException extends Exception {

  private static final long serialVersionUID = 1;

  private final transient Rejection rejection;

  /** The message is the rejection's detail. No stack trace: bad input is ordinary. */
  public RejectedFrameException(Rejection rejection) {
    super(rejection.detail(), null, false, false);
    this.rejection = rejection;
  }

  /** What was rejected and why. */
  public Rejection rejection() {
    return rejection;
  }
}
