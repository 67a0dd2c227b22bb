package io.boostnet.jobs.camera.input;

import java.io.IOException;
import org.apache.flink.annotation.PublicEvolving;

/** A camera or file cannot be read, or no further: one clause with what was tried and why not. */
@PublicEvolving
public class MediaException extends IOException {

  private static final long serialVersionUID = 1;

  /** One clause. */
  public MediaException(String message) {
    super(message);
  }

  /** One clause; the cause goes to the log. */
  public MediaException(String message, Throwable cause) {
    super(message, cause);
  }
}
