package io.boostnet.flink.codec;

import io.boostnet.flink.model.Features;
import io.boostnet.flink.model.Frame;
import io.boostnet.flink.model.FrameDecoder;
import io.boostnet.flink.model.Origin;
import io.boostnet.flink.model.Preprocessing;
import io.boostnet.flink.model.RejectedFrameException;
import io.boostnet.flink.model.Rejection;
import io.boostnet.flink.model.Rejection.Reason;
import io.boostnet.flink.model.SourceRecord;
import io.boostnet.flink.options.Limits;
import io.boostnet.image.BadImageException;
import io.boostnet.image.ImageLimits;
import io.boostnet.schema.ImageFrame;
import io.boostnet.schema.SingleObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.message.BinaryMessageDecoder;

/** Decoders of the two kinds of stream: Kafka records that are still bytes, and image frames. */
public final class FrameRecords {

  private FrameRecords() {}

  /** Decoder of Kafka records that hold an {@link ImageFrame} in Avro single-object encoding. */
  public static FrameDecoder<SourceRecord> ofKafka(Preprocessing preprocessing, Limits limits) {
    return new KafkaDecoder(preprocessing, limits);
  }

  /** Decoder of image frames. */
  public static FrameDecoder<ImageFrame> ofFrames(Preprocessing preprocessing, Limits limits) {
    return new ImageFrameDecoder(preprocessing, limits);
  }

  private abstract static class Base<I> implements FrameDecoder<I> {

    private static final long serialVersionUID = 1;

    private final Preprocessing preprocessing;
    private final Limits limits;
    private transient ImageDecoder images;

    Base(Preprocessing preprocessing, Limits limits) {
      this.preprocessing = preprocessing;
      this.limits = limits;
    }

    @Override
    public void open() {
      images =
          new ImageDecoder(
              preprocessing, new ImageLimits(limits.imageBytes(), limits.imagePixels()));
    }

    @Override
    public long flawed() {
      return images.flawed();
    }

    final Frame decode(ImageFrame image, byte[] bytes, Origin origin, Features target)
        throws RejectedFrameException {
      requireShortSource(image, origin);
      Frame frame =
          new Frame(
              image.getSourceId(),
              image.getSequence(),
              image.getTimestampMs(),
              image.getLabel() == null ? Frame.UNLABELLED : image.getLabel(),
              image.getDeadlineMs() == null ? Frame.NO_DEADLINE : image.getDeadlineMs(),
              origin);
      try {
        images.decode(
            image.getContentType(),
            bytes,
            image.getWidth(),
            image.getHeight(),
            target.tensors()[0]);
      } catch (BadImageException e) {
        throw new RejectedFrameException(
            new Rejection(frame, reason(e), Rejection.DECODE, e.getMessage()));
      }
      return frame;
    }

    private static Reason reason(BadImageException image) {
      return switch (image.kind()) {
        case UNSUPPORTED -> Reason.UNSUPPORTED_CONTENT;
        case CORRUPT -> Reason.CORRUPT_IMAGE;
        case TOO_LARGE -> Reason.TOO_LARGE;
      };
    }

    /** The dead letter of one that is too long does without it: it would be too long as well. */
    private static void requireShortSource(ImageFrame image, Origin origin)
        throws RejectedFrameException {
      int length = image.getSourceId().length();
      if (length > Limits.SOURCE_ID_CHARS) {
        throw new RejectedFrameException(
            new Rejection(
                new Frame(null, -1, image.getTimestampMs(), Frame.UNLABELLED, origin),
                Reason.TOO_LARGE,
                Rejection.READ,
                "the source has %d characters, allowed are %d"
                    .formatted(length, Limits.SOURCE_ID_CHARS)));
      }
    }

    @Override
    public void close() {
      if (images != null) {
        images.close();
      }
    }
  }

  private static final class KafkaDecoder extends Base<SourceRecord> {

    private static final long serialVersionUID = 1;

    private transient BinaryMessageDecoder<ImageFrame> decoder;

    KafkaDecoder(Preprocessing preprocessing, Limits limits) {
      super(preprocessing, limits);
    }

    @Override
    public void open() {
      super.open();
      decoder = SingleObject.decoder(ImageFrame.class);
    }

    @Override
    public Frame decode(SourceRecord record, Features image) throws RejectedFrameException {
      byte[] value = record.value() == null ? new byte[0] : record.value();
      Origin origin = new Origin(record.topic(), record.partition(), record.offset(), value);
      ImageFrame frame;
      try {
        frame = decoder.decode(value);
      } catch (IOException | AvroRuntimeException | IndexOutOfBoundsException e) {
        throw unreadable(record, origin, e);
      }
      return decode(frame, bytes(frame.getImage()), origin, image);
    }

    private static RejectedFrameException unreadable(
        SourceRecord record, Origin origin, Exception cause) {
      return new RejectedFrameException(
          new Rejection(
              new Frame(null, -1, record.timestampMs(), Frame.UNLABELLED, origin),
              Reason.UNREADABLE_RECORD,
              Rejection.READ,
              "the record of %d bytes is not an ImageFrame in Avro single-object encoding: %s"
                  .formatted(
                      origin.payload().length,
                      ForeignRecord.of(origin.payload()).orElse(cause.getMessage()))));
    }
  }

  private static final class ImageFrameDecoder extends Base<ImageFrame> {

    private static final long serialVersionUID = 1;

    ImageFrameDecoder(Preprocessing preprocessing, Limits limits) {
      super(preprocessing, limits);
    }

    @Override
    public Frame decode(ImageFrame frame, Features image) throws RejectedFrameException {
      byte[] bytes = bytes(frame.getImage());
      return decode(frame, bytes, Origin.elsewhere(bytes), image);
    }
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
