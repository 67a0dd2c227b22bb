package io.boostnet.image;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The markers of a JPEG image. There is no checksum: a cut, or damage to the markers, shows; a
 * flipped bit within a scan decodes to another picture, with every decoder.
 *
 * <p>Bytes between two header segments belong to none, and decoders skip them: the image is read
 * without them. Between or after scans they are what a damaged scan looks like, whose rest decoders
 * fill with grey: that image is not whole.
 *
 * @see <a href="https://www.w3.org/Graphics/JPEG/itu-t81.pdf">ITU-T T.81, B.1.1 and B.2.2</a>
 */
final class JpegMarkers {

  private static final int START = 0xd8;
  private static final int END = 0xd9;
  private static final int SCAN = 0xda;
  private static final int LEAST_FRAME_LENGTH = 8;

  private static final VarHandle EIGHT_BYTES =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long LOW_BITS = 0x0101010101010101L;
  private static final long HIGH_BITS = 0x8080808080808080L;

  private JpegMarkers() {}

  static Structure of(byte[] image) {
    Structure jpeg = new Structure();
    boolean scanned = false;
    boolean inScan = false;
    int at = 2;
    while (true) {
      int marked = nextMark(image, at);
      if (marked + 1 >= image.length) {
        return jpeg;
      }
      int marker = image[marked + 1] & 0xff;
      if (inScan && isWithinScan(marker)) {
        at = marked + (marker == 0xff ? 1 : 2);
        continue;
      }
      int stray = marker == 0x00 ? marked + 2 : marked;
      if (!inScan && stray > at) {
        if (scanned) {
          return jpeg;
        }
        jpeg.leaveOut(at, stray, "stray bytes between segments");
      }
      if (marker == 0x00 || marker == 0xff) {
        at = marker == 0xff ? marked + 1 : stray;
        continue;
      }
      if (marker == END) {
        jpeg.whole = scanned;
        return jpeg;
      }
      int length = marker < 0xc0 || isBare(marker) ? 0 : unsigned16(image, marked + 2);
      if (length < 2 || length > image.length - marked - 2) {
        return jpeg;
      }
      if (isFrame(marker) && jpeg.width < 0 && length >= LEAST_FRAME_LENGTH) {
        jpeg.height = unsigned16(image, marked + 5);
        jpeg.width = unsigned16(image, marked + 7);
      }
      inScan = marker == SCAN;
      scanned |= inScan && jpeg.width >= 0;
      at = marked + 2 + length;
    }
  }

  /** A zero byte that keeps 0xff from being a marker, a fill byte, or a restart. */
  private static boolean isWithinScan(int marker) {
    return marker == 0x00 || marker == 0xff || marker >= 0xd0 && marker <= 0xd7;
  }

  /** Markers without a length that cannot stand between segments. */
  private static boolean isBare(int marker) {
    return marker >= 0xd0 && marker <= START;
  }

  /** Start of frame, of any process; the others in this range are tables. */
  private static boolean isFrame(int marker) {
    return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
  }

  private static int unsigned16(byte[] bytes, int at) {
    return at + 1 < bytes.length ? (bytes[at] & 0xff) << 8 | bytes[at + 1] & 0xff : 0;
  }

  /** Where the next 0xff is, eight bytes at a time: megabytes of scan are walked over. */
  private static int nextMark(byte[] bytes, int from) {
    int at = from;
    for (; at + Long.BYTES <= bytes.length; at += Long.BYTES) {
      long inverted = ~(long) EIGHT_BYTES.get(bytes, at);
      long zeros = (inverted - LOW_BITS) & ~inverted & HIGH_BITS;
      if (zeros != 0) {
        return at + Long.numberOfTrailingZeros(zeros) / Byte.SIZE;
      }
    }
    while (at < bytes.length && bytes[at] != (byte) 0xff) {
      at++;
    }
    return at;
  }
}
