package io.boostnet.image;

import static io.boostnet.image.Structure.int32;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.zip.CRC32;

/**
 * The chunks of a PNG image. Each states its checksum, so that any damage shows. Where it is in a
 * chunk that holds no pixel, the image is read without that chunk.
 *
 * @see <a href="https://www.w3.org/TR/png-3/#5Chunk-layout">PNG, chunk layout</a>
 */
final class PngChunks {

  private static final int SIGNATURE = 8;
  private static final int FRAME = 12;
  private static final int HEADER_LENGTH = 13;

  /**
   * Chunks that an image is the same picture without, here: alpha and colour profiles are dropped.
   */
  private static final Set<String> ANCILLARY =
      Set.of(
          "cHRM", "cICP", "cLLI", "eXIf", "gAMA", "hIST", "iCCP", "iTXt", "mDCV", "oFFs", "pCAL",
          "pHYs", "sBIT", "sCAL", "sPLT", "sRGB", "tEXt", "tIME", "tRNS", "zTXt", "bKGD");

  private PngChunks() {}

  static Structure of(byte[] image) {
    Structure png = new Structure();
    CRC32 crc = new CRC32();
    boolean data = false;
    int at = SIGNATURE;
    while (image.length - at >= FRAME) {
      int length = int32(image, at);
      if (length < 0 || length > image.length - at - FRAME) {
        return png;
      }
      String type = new String(image, at + 4, 4, StandardCharsets.ISO_8859_1);
      if (at == SIGNATURE) {
        if (!type.equals("IHDR") || length != HEADER_LENGTH) {
          return png;
        }
        png.width = int32(image, at + 8) & 0xffffffffL;
        png.height = int32(image, at + 12) & 0xffffffffL;
      }
      int end = at + FRAME + length;
      crc.reset();
      crc.update(image, at + 4, length + 4);
      if ((int) crc.getValue() != int32(image, end - 4)) {
        if (!ANCILLARY.contains(type)) {
          return png;
        }
        png.leaveOut(at, end, "a wrong checksum in " + type);
      }
      data |= type.equals("IDAT");
      if (type.equals("IEND")) {
        png.whole = data;
        return png;
      }
      at = end;
    }
    return png;
  }
}
