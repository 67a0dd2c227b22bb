package io.boostnet.flink.codec;

import java.util.Arrays;

/**
 * What the first bytes of an encoded image claim, read without decoding it, so that a small file
 * which claims a huge image is refused before any memory is taken.
 *
 * @param format the format
 * @param width claimed width in pixels
 * @param height claimed height in pixels
 */
record ImageHeader(Format format, long width, long height) {

  private static final byte[] PNG = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
  private static final int IHDR = 0x49484452;
  private static final int PNG_HEADER_LENGTH = 24;

  /** Formats that are decoded. */
  enum Format {
    JPEG,
    PNG
  }

  /**
   * Reads a header.
   *
   * @return the header; null where the bytes are neither a JPEG nor a PNG image with a size
   * @see <a href="https://www.w3.org/TR/png-3/#11IHDR">PNG, IHDR</a>
   * @see <a href="https://www.w3.org/Graphics/JPEG/itu-t81.pdf">ITU-T T.81, B.2.2 frame header</a>
   */
  static ImageHeader of(byte[] image) {
    if (image.length >= PNG_HEADER_LENGTH
        && Arrays.equals(image, 0, 8, PNG, 0, 8)
        && unsigned(image, 12, 4) == IHDR) {
      return new ImageHeader(Format.PNG, unsigned(image, 16, 4), unsigned(image, 20, 4));
    }
    if (image.length >= 4 && unsigned(image, 0, 2) == 0xffd8) {
      return jpeg(image);
    }
    return null;
  }

  private static ImageHeader jpeg(byte[] image) {
    int at = 2;
    while (at + 9 < image.length) {
      if ((image[at] & 0xff) != 0xff) {
        return null;
      }
      int marker = image[at + 1] & 0xff;
      if (marker == 0xff) {
        at++;
      } else if (isFrame(marker)) {
        return new ImageHeader(Format.JPEG, unsigned(image, at + 7, 2), unsigned(image, at + 5, 2));
      } else if (marker == 0x01 || (marker >= 0xd0 && marker <= 0xd8)) {
        at += 2;
      } else {
        at += 2 + (int) Math.max(2, unsigned(image, at + 2, 2));
      }
    }
    return null;
  }

  /** Start of frame, of any process; the others in this range are tables. */
  private static boolean isFrame(int marker) {
    return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
  }

  private static long unsigned(byte[] bytes, int from, int length) {
    long value = 0;
    for (int i = 0; i < length; i++) {
      value = value << 8 | bytes[from + i] & 0xff;
    }
    return value;
  }
}
