package io.boostnet.flink.codec;

import io.boostnet.image.BadImageException;
import io.boostnet.image.ImageFormat;
import java.util.Locale;

/**
 * What a frame's content type says, however it is written: in capitals, with parameters, as the
 * aliases that cameras and uploads use. It counts only where the bytes do not tell.
 */
enum ContentType {
  RAW_PLANES,
  /** JPEG or PNG. */
  IMAGE,
  /** Nothing: empty, or any bytes. */
  UNDECLARED,
  OTHER;

  /** A content type longer than this is not repeated in a dead letter. */
  private static final int MOST_CHARS = 100;

  static ContentType of(String text) {
    return switch (text) {
      case ImageDecoder.RAW -> RAW_PLANES;
      case "image/jpeg", "image/png" -> IMAGE;
      default -> ofPlain(plain(text));
    };
  }

  private static ContentType ofPlain(String type) {
    return switch (type) {
      case ImageDecoder.RAW -> RAW_PLANES;
      case "image/jpeg", "image/jpg", "image/pjpeg", "image/png", "image/x-png" -> IMAGE;
      case "", "application/octet-stream", "binary/octet-stream" -> UNDECLARED;
      default -> OTHER;
    };
  }

  private static String plain(String text) {
    String shortened = text.substring(0, Math.min(text.length(), MOST_CHARS));
    int parameters = shortened.indexOf(';');
    return (parameters < 0 ? shortened : shortened.substring(0, parameters))
        .trim()
        .toLowerCase(Locale.ROOT);
  }

  /**
   * Refuses bytes that are no image and were not said to be one.
   *
   * @param text the content type as it stands
   */
  void checkAgainst(byte[] image, String text) throws BadImageException {
    if (this != IMAGE && ImageFormat.of(image) == ImageFormat.UNKNOWN) {
      throw new BadImageException(
          BadImageException.Kind.UNSUPPORTED,
          "the content type %s, and the bytes are no image; JPEG, PNG and %s are decoded"
              .formatted(
                  text.length() > MOST_CHARS
                      ? "has %d characters".formatted(text.length())
                      : "is '%s'".formatted(text),
                  ImageDecoder.RAW));
    }
  }
}
