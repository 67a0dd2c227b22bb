package io.boostnet.training.data;

/**
 * The bytes of one image file, which can be decoded.
 *
 * @param contentType {@code image/jpeg} or {@code image/png}
 * @param bytes the whole file; owned by the receiver
 * @param flawed whether the file breaks its format's rules where no pixel depends on it
 */
public record EncodedImage(String contentType, byte[] bytes, boolean flawed) {}
