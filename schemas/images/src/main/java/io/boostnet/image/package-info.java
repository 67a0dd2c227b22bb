/**
 * From an encoded image to pixels of the size asked for: what is read, what is refused and why, and
 * how another size is resized. Training and serving both read images here, so that a network sees
 * in service what it was trained on.
 *
 * <p>{@link io.boostnet.image.CheckedImage#of} is the check, in plain Java; {@link
 * io.boostnet.image.ImageReader} decodes and resizes with OpenCV.
 */
package io.boostnet.image;
