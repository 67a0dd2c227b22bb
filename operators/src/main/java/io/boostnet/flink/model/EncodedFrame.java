package io.boostnet.flink.model;

import java.util.Objects;
import org.apache.flink.annotation.PublicEvolving;

/**
 * A frame whose image is still encoded, or lies elsewhere.
 *
 * @param frame what identifies it
 * @param contentType MIME type of the image; empty where it is not known and the bytes must tell
 * @param image the encoded image, or raw planes; empty where there is a reference
 * @param reference URI of the image where it is not in the record; else null
 * @param width width of raw planes, in pixels; 0 for encoded images
 * @param height height of raw planes, in pixels; 0 for encoded images
 */
@PublicEvolving
public record EncodedFrame(
    Frame frame, String contentType, byte[] image, String reference, int width, int height) {

  private static final byte[] NOTHING = {};

  public EncodedFrame {
    Objects.requireNonNull(frame, "frame");
    contentType = contentType == null ? "" : contentType;
    image = image == null ? NOTHING : image;
  }

  /** An image that states its own size. */
  public static EncodedFrame of(Frame frame, String contentType, byte[] image) {
    return new EncodedFrame(frame, contentType, image, null, 0, 0);
  }

  /** An image that lies elsewhere. */
  public static EncodedFrame at(Frame frame, String contentType, String reference) {
    return new EncodedFrame(frame, contentType, NOTHING, reference, 0, 0);
  }

  /** The same with the image that its reference led to. */
  public EncodedFrame fetched(byte[] bytes) {
    return new EncodedFrame(frame, contentType, bytes, null, width, height);
  }

  /** The same with other baggage. */
  public EncodedFrame with(Baggage baggage) {
    return new EncodedFrame(frame.with(baggage), contentType, image, reference, width, height);
  }
}
