package io.boostnet.jobs.load;

import io.boostnet.schema.ImageFrame;
import io.boostnet.schema.SingleObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.apache.avro.message.BinaryMessageEncoder;

/** Frames as they stand on Kafka: Avro single-object encoding. */
final class FrameCodec {

  private static final BinaryMessageEncoder<ImageFrame> ENCODER =
      SingleObject.encoder(ImageFrame.class);

  private FrameCodec() {}

  static byte[] encode(ImageFrame frame) {
    try {
      ByteBuffer encoded = ENCODER.encode(frame);
      byte[] bytes = new byte[encoded.remaining()];
      encoded.get(bytes);
      return bytes;
    } catch (IOException e) {
      throw new UncheckedIOException(
          "encoding frame " + frame.getSequence() + " of " + frame.getSourceId(), e);
    }
  }
}
