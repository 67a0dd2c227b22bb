package io.boostnet.training.data;

/**
 * The bytes of one image file.
 *
 * @param contentType {@code image/jpeg} or {@code image/png}
 * @param bytes the whole file; owned by the receiver
 */
public record EncodedImage(String contentType, byte[] bytes) {}
