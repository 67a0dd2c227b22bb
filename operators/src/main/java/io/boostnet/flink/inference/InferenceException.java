package io.boostnet.flink.inference;

import org.apache.flink.annotation.PublicEvolving;

/** A session could not be made or a call to the network failed; the message says for what. */
@PublicEvolving
public final class InferenceException extends Exception {

  private static final long serialVersionUID = 1;

  public InferenceException(String message, Throwable cause) {
    super(message, cause);
  }

  public InferenceException(String message) {
    super(message);
  }
}
