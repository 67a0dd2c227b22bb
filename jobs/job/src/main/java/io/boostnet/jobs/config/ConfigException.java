package io.boostnet.jobs.config;

/**
 * Something the user gave cannot be used. The message is one sentence: what was given, and what to
 * do. The command line prints it without a stack trace and exits with code 2.
 */
public final class ConfigException extends RuntimeException {

  private static final long serialVersionUID = 1;

  /** One sentence with the name, the value and what to do. */
  public ConfigException(String message) {
    super(message);
  }

  /** One sentence with the name, the value and what to do; the cause goes to the log only. */
  public ConfigException(String message, Throwable cause) {
    super(message, cause);
  }
}
