package io.boostnet.flink.options;

import java.io.Serializable;
import org.apache.flink.annotation.Public;

/**
 * Limits on input, so that no single record can take the memory of a job.
 *
 * @param imageBytes largest encoded image, in bytes, at least 1
 * @param imagePixels largest width x height that an image may claim, at least 1
 * @param deadLetterBytes longest payload of a dead letter, in bytes; the rest is cut off
 * @param baggageBytes most baggage of a frame: characters and bytes of all headers and fields it
 *     takes along
 */
@Public
public record Limits(int imageBytes, long imagePixels, int deadLetterBytes, int baggageBytes)
    implements Serializable {

  /**
   * Longest source of a frame, in characters: whatever they are, Flink's serializers and a dead
   * letter have room for it.
   */
  public static final int SOURCE_ID_CHARS = 4096;

  /** The usual {@link #baggageBytes()}. */
  public static final int BAGGAGE_BYTES = 8 << 10;

  /** 16 MiB of image, 64 megapixels, and 24 MiB of dead letter. */
  public static final Limits DEFAULT = new Limits(16 << 20, 64_000_000, 24 << 20);

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException with the values
   */
  public Limits {
    if (imageBytes < 1 || imagePixels < 1 || deadLetterBytes < 0 || baggageBytes < 0) {
      throw new IllegalArgumentException(
          "limits are imageBytes %d, imagePixels %d, deadLetterBytes %d, baggageBytes %d; they must be positive"
              .formatted(imageBytes, imagePixels, deadLetterBytes, baggageBytes));
    }
  }

  /** Limits with the usual baggage. */
  public Limits(int imageBytes, long imagePixels, int deadLetterBytes) {
    this(imageBytes, imagePixels, deadLetterBytes, BAGGAGE_BYTES);
  }

  /** The same with another longest payload of a dead letter, in bytes. */
  public Limits withDeadLetters(int bytes) {
    return new Limits(imageBytes, imagePixels, bytes, baggageBytes);
  }

  /** The same with other baggage, in characters and bytes. */
  public Limits withBaggage(int bytes) {
    return new Limits(imageBytes, imagePixels, deadLetterBytes, bytes);
  }
}
