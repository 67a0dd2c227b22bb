package io.boostnet.training.input;

import java.util.Locale;

/**
 * What the user gave cannot be used: a file, an option, a checkpoint. The message is one sentence
 * that says what was found, what was expected and, where it helps, what to do next; the command
 * line prints it and ends with exit code 2.
 */
public final class BadInputException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public BadInputException(String message) {
    super(message);
  }

  public BadInputException(String message, Throwable cause) {
    super(message, cause);
  }

  /** A message in the manner of {@link String#format}. */
  public static BadInputException of(String format, Object... arguments) {
    return new BadInputException(String.format(Locale.ROOT, format, arguments));
  }
}
