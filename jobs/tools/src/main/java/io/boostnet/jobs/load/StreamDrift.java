package io.boostnet.jobs.load;

/**
 * How a stream leaves its frame file from some point on.
 *
 * @param corruption what is done to images; null for nothing
 * @param corruptFrom from when on
 * @param classes mix of the classes; null for that of the file
 * @param classesFrom from when on
 * @param seed of the random numbers
 */
public record StreamDrift(
    Corruption corruption, Start corruptFrom, ClassMix classes, Start classesFrom, long seed) {

  /** The stream stays what its frame file is. */
  public static final StreamDrift NONE =
      new StreamDrift(null, Start.AT_ONCE, null, Start.AT_ONCE, 0);

  /**
   * A point in a stream.
   *
   * @param frame frames before it
   * @param seconds time before it, in seconds since the start
   */
  public record Start(long frame, double seconds) {

    /** The first frame. */
    public static final Start AT_ONCE = new Start(0, 0);

    /**
     * Reads a number of frames, or of seconds: {@code 10000} or {@code 30s}.
     *
     * @throws IllegalArgumentException where the text is neither
     */
    public static Start parse(String text) {
      try {
        if (text.endsWith("s")) {
          double seconds = Double.parseDouble(text.substring(0, text.length() - 1));
          if (seconds >= 0 && seconds < Double.POSITIVE_INFINITY) {
            return new Start(0, seconds);
          }
        } else if (Long.parseLong(text) >= 0) {
          return new Start(Long.parseLong(text), 0);
        }
      } catch (NumberFormatException e) {
        throw bad(text, e);
      }
      throw bad(text, null);
    }

    /**
     * Whether a frame comes after this point.
     *
     * @param index its number in the stream, from 0
     * @param dueSeconds when it is due, in seconds since the start
     */
    boolean isBefore(long index, double dueSeconds) {
      return index >= frame && dueSeconds >= seconds;
    }

    private static IllegalArgumentException bad(String text, Exception cause) {
      return new IllegalArgumentException(
          "start is '" + text + "'; a number of frames, as 10000, or of seconds, as 30s, is needed",
          cause);
    }
  }
}
