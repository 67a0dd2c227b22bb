package io.boostnet.flink.codec;

import org.apache.flink.annotation.PublicEvolving;

/** A model bundle is missing or wrong; the message says in one sentence what and what to do. */
@PublicEvolving
public final class BundleException extends RuntimeException {

  private static final long serialVersionUID = 1;

  public BundleException(String message) {
    super(message);
  }

  public BundleException(String message, Throwable cause) {
    super(message, cause);
  }
}
