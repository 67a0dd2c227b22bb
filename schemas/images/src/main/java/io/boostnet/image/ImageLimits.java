package io.boostnet.image;

/**
 * Limits on an image, so that no single one can take the memory of a process.
 *
 * @param bytes largest encoded image, in bytes, at least 1
 * @param pixels largest width x height that an image may claim, at least 1
 */
public record ImageLimits(int bytes, long pixels) {

  /** 16 MiB and 64 megapixels, for training and serving alike. */
  public static final ImageLimits DEFAULT = new ImageLimits(16 << 20, 64_000_000);

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException with the values
   */
  public ImageLimits {
    if (bytes < 1 || pixels < 1) {
      throw new IllegalArgumentException(
          "limits are %d bytes and %d pixels; they must be positive".formatted(bytes, pixels));
    }
  }

  /**
   * Checks the size of an encoded image.
   *
   * @throws BadImageException where it is too large
   */
  public void checkBytes(byte[] image) throws BadImageException {
    if (image.length > bytes) {
      throw new BadImageException(
          BadImageException.Kind.TOO_LARGE,
          "the image has %d bytes, allowed are %d".formatted(image.length, bytes));
    }
  }

  void check(long width, long height) throws BadImageException {
    if (width < 1 || height < 1 || width > pixels / height) {
      throw new BadImageException(
          width < 1 || height < 1
              ? BadImageException.Kind.CORRUPT
              : BadImageException.Kind.TOO_LARGE,
          "the image claims %d x %d pixels, allowed are 1 to %d in all"
              .formatted(width, height, pixels));
    }
  }
}
