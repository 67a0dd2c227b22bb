package io.boostnet.image;

/**
 * What a file is by its first bytes, whatever its name or content type says. {@link #JPEG} and
 * {@link #PNG} are read; the others are known so that a refusal tells the truth.
 */
public enum ImageFormat {
  JPEG("JPEG", "\u00ff\u00d8\u00ff"),
  PNG("PNG", "\u0089PNG\r\n\u001a\n"),
  WEBP("WebP", "RIFF????WEBP"),
  GIF("GIF", "GIF87a", "GIF89a"),
  BMP("BMP", "BM????\0\0\0\0"),
  TIFF("TIFF", "II*\0", "MM\0*", "II+\0", "MM\0+"),
  AVIF("AVIF", "????ftypavif", "????ftypavis"),
  HEIC("HEIC", "????ftyphei", "????ftyphev", "????ftypmif1", "????ftypmsf1"),
  JPEG_2000("JPEG 2000", "\0\0\0\fjP  ", "\u00ffO\u00ffQ"),
  JPEG_XL("JPEG XL", "\0\0\0\fJXL ", "\u00ff\n"),
  /** None of these. */
  UNKNOWN("unknown");

  private static final char ANY = '?';

  private final String label;
  private final String[] signatures;

  /** Signatures are bytes as characters; a question mark is any byte. */
  ImageFormat(String label, String... signatures) {
    this.label = label;
    this.signatures = signatures;
  }

  /** What the first bytes of a file tell. */
  public static ImageFormat of(byte[] file) {
    for (ImageFormat format : values()) {
      for (String signature : format.signatures) {
        if (startsWith(file, signature)) {
          return format;
        }
      }
    }
    return UNKNOWN;
  }

  private static boolean startsWith(byte[] file, String signature) {
    boolean same = file.length >= signature.length();
    for (int i = 0; same && i < signature.length(); i++) {
      same = signature.charAt(i) == ANY || (file[i] & 0xff) == signature.charAt(i);
    }
    return same;
  }

  /** Whether images of this format are read. */
  public boolean isRead() {
    return this == JPEG || this == PNG;
  }

  /** The name that people use. */
  public String label() {
    return label;
  }
}
