package io.boostnet.jobs.camera.input;

/**
 * An image file in memory.
 *
 * @param contentType image/jpeg or image/png
 * @param bytes the file; its owner is who asked for it
 * @param part of the picture that it shows; null for the whole one
 */
public record EncodedImage(String contentType, byte[] bytes, Box part) {

  /** A whole picture, as a JPEG file. */
  public static EncodedImage jpeg(byte[] bytes) {
    return new EncodedImage("image/jpeg", bytes, null);
  }
}
