package io.boostnet.image;

import io.boostnet.image.BadImageException.Kind;
import java.util.Optional;

/**
 * An encoded image that is of a format which is read, whole, and within the limits: the one check
 * of training and serving. It decodes nothing, so that a small file which claims a huge image is
 * refused before any memory is taken.
 *
 * <p>A decoder may report success for a damaged image, and fill what is missing with grey: such an
 * image is refused, as far as its structure tells. One that breaks its format's rules where no
 * pixel depends on it is read, without what is wrong, and says so in its {@link #flaw()}.
 *
 * @param format JPEG or PNG
 * @param width claimed width in pixels, before any orientation tag
 * @param height claimed height in pixels, before any orientation tag
 * @param bytes the image as it is decoded; the file's own array where it has no flaw
 * @param flaw what was wrong and left out, in words, for instance "a wrong checksum in tEXt"
 */
public record CheckedImage(
    ImageFormat format, int width, int height, byte[] bytes, Optional<String> flaw) {

  /**
   * Checks an image.
   *
   * @throws BadImageException with what is wrong
   */
  public static CheckedImage of(byte[] image, ImageLimits limits) throws BadImageException {
    limits.checkBytes(image);
    ImageFormat format = ImageFormat.of(image);
    Structure structure =
        switch (format) {
          case JPEG -> JpegMarkers.of(image);
          case PNG -> PngChunks.of(image);
          case UNKNOWN ->
              throw new BadImageException(
                  Kind.CORRUPT,
                  image.length == 0
                      ? "the image has no bytes"
                      : "the bytes are no JPEG or PNG image, or not its beginning");
          default ->
              throw new BadImageException(
                  Kind.UNSUPPORTED,
                  "the image is a %s image; JPEG and PNG are read, convert it to one of them"
                      .formatted(format.label()));
        };
    if (structure.width >= 0) {
      limits.check(structure.width, structure.height);
    }
    if (!structure.whole || structure.width < 0) {
      throw new BadImageException(
          Kind.CORRUPT, "the %s image is cut off or damaged".formatted(format.label()));
    }
    return new CheckedImage(
        format,
        (int) structure.width,
        (int) structure.height,
        structure.clean(image),
        Optional.ofNullable(structure.flaw));
  }
}
