package io.boostnet.flink.codec;

import java.util.zip.CRC32;

/**
 * Whether the bytes of an image are whole, which decoders do not ask: they fill what is missing
 * with grey and report success.
 *
 * <p>A PNG image states the checksum of every chunk, so that any damage shows. A JPEG image has no
 * checksum: a cut, or damage to its markers, shows; a flipped bit within a scan decodes to another
 * picture, with this decoder as with all.
 */
final class ImageIntegrity {

  private static final int PNG_SIGNATURE = 8;
  private static final int CHUNK_FRAME = 12;
  private static final int IEND = 0x49454e44;

  private ImageIntegrity() {}

  /**
   * Whether all chunks of a PNG image are there with their checksums.
   *
   * @see <a href="https://www.w3.org/TR/png-3/#5Chunk-layout">PNG, chunk layout</a>
   */
  static boolean isWholePng(byte[] image) {
    int at = PNG_SIGNATURE;
    CRC32 crc = new CRC32();
    while (image.length - at >= CHUNK_FRAME) {
      int length = int32(image, at);
      if (length < 0 || length > image.length - at - CHUNK_FRAME) {
        return false;
      }
      crc.reset();
      crc.update(image, at + 4, length + 4);
      if ((int) crc.getValue() != int32(image, at + 8 + length)) {
        return false;
      }
      if (int32(image, at + 4) == IEND) {
        return true;
      }
      at += CHUNK_FRAME + length;
    }
    return false;
  }

  /**
   * Whether the markers of a JPEG image follow each other to the end marker.
   *
   * @see <a href="https://www.w3.org/Graphics/JPEG/itu-t81.pdf">ITU-T T.81, B.1.1</a>
   */
  static boolean isWholeJpeg(byte[] image) {
    int at = 2;
    boolean inScan = false;
    while (at + 1 < image.length) {
      int marker = image[at + 1] & 0xff;
      if (image[at] != (byte) 0xff) {
        if (!inScan) {
          return false;
        }
        at++;
      } else if (marker == 0xff) {
        at++;
      } else if (marker == 0xd9) {
        return inScan;
      } else if (marker >= 0xd0 && marker <= 0xd7 || marker == 0x00) {
        if (!inScan) {
          return false;
        }
        at += 2;
      } else {
        int length = marker < 0xc0 || at + 3 >= image.length ? 0 : int32(image, at) & 0xffff;
        if (length < 2) {
          return false;
        }
        inScan |= marker == 0xda;
        at += 2 + length;
      }
    }
    return false;
  }

  private static int int32(byte[] bytes, int at) {
    return bytes[at] << 24
        | (bytes[at + 1] & 0xff) << 16
        | (bytes[at + 2] & 0xff) << 8
        | bytes[at + 3] & 0xff;
  }
}
