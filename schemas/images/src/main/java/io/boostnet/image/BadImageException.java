package io.boostnet.image;

/**
 * What is wrong with an image, in one clause that begins with "the". No stack trace: bad input is
 * ordinary.
 */
public final class BadImageException extends Exception {

  private static final long serialVersionUID = 1;

  private final Kind kind;

  /** What is wrong, as a word to count. */
  public enum Kind {
    /** Another format than those that are read. */
    UNSUPPORTED,
    /** No whole image. */
    CORRUPT,
    /** Above a limit. */
    TOO_LARGE
  }

  /**
   * An image that is refused.
   *
   * @param detail what was found and what was expected, in one clause
   */
  public BadImageException(Kind kind, String detail) {
    super(detail, null, false, false);
    this.kind = kind;
  }

  /** What is wrong, as a word. */
  public Kind kind() {
    return kind;
  }
}
