package io.boostnet.flink.codec;

import io.boostnet.flink.model.EncodedFrame;
import io.boostnet.flink.model.Frame;
import io.boostnet.flink.model.FrameDecoder;
import io.boostnet.flink.model.Origin;
import io.boostnet.schema.ImageFrame;
import java.nio.ByteBuffer;
import org.apache.flink.annotation.PublicEvolving;

/** Records that are {@link ImageFrame}s already. */
@PublicEvolving
public final class ImageFrameDecoder implements FrameDecoder<ImageFrame> {

  private static final long serialVersionUID = 1;

  @Override
  public EncodedFrame decode(ImageFrame frame) {
    return encoded(frame, Origin.elsewhere(bytes(frame.getImage())));
  }

  static EncodedFrame encoded(ImageFrame image, Origin origin) {
    Frame frame =
        new Frame(
            image.getSourceId(),
            image.getSequence(),
            image.getTimestampMs(),
            image.getLabel() == null ? Frame.UNLABELLED : image.getLabel(),
            image.getDeadlineMs() == null ? Frame.NO_DEADLINE : image.getDeadlineMs(),
            origin);
    return new EncodedFrame(
        frame,
        image.getContentType(),
        bytes(image.getImage()),
        image.getReference(),
        image.getWidth(),
        image.getHeight());
  }

  /** The bytes of a buffer, without a copy where it is a whole array. */
  private static byte[] bytes(ByteBuffer buffer) {
    if (buffer.hasArray()
        && buffer.arrayOffset() == 0
        && buffer.position() == 0
        && buffer.remaining() == buffer.array().length) {
      return buffer.array();
    }
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(buffer.position(), bytes);
    return bytes;
  }
}
