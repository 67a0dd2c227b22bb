package io.boostnet.jobs.camera.input;

/**
 * An image file in memory.
 *
 * @param contentType image/jpeg or image/png
 * @param bytes the file; its owner is who asked for it
 */
public record EncodedImage(String contentType, byte[] bytes) {

  /** A JPEG file. */
  public static EncodedImage jpeg(byte[] bytes) {
    return new EncodedImage("image/jpeg", bytes);
  }
}
