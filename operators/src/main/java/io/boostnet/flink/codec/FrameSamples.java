package io.boostnet.flink.codec;

import io.boostnet.flink.model.EncodedFrame;
import io.boostnet.flink.model.Features;
import io.boostnet.flink.model.Frame;
import io.boostnet.flink.model.FrameDecoder;
import io.boostnet.flink.model.Preprocessing;
import io.boostnet.flink.model.RejectedFrameException;
import io.boostnet.flink.model.Rejection;
import io.boostnet.flink.model.Rejection.Reason;
import io.boostnet.flink.model.SampleDecoder;
import io.boostnet.flink.options.Limits;
import io.boostnet.image.BadImageException;
import io.boostnet.image.ImageLimits;
import org.apache.flink.annotation.PublicEvolving;

/**
 * From any record to the input tensor of stage 1: the decoder of its format, then that of images.
 *
 * @param <I> type of the stream's records
 */
@PublicEvolving
public final class FrameSamples<I> implements SampleDecoder<I> {

  private static final long serialVersionUID = 1;

  private final FrameDecoder<I> format;
  private final Preprocessing preprocessing;
  private final Limits limits;
  private transient ImageDecoder images;

  /**
   * Decoder of a format.
   *
   * @param format from a record to its encoded image
   * @param preprocessing what the input tensor is like
   * @param limits what is refused
   */
  public FrameSamples(FrameDecoder<I> format, Preprocessing preprocessing, Limits limits) {
    this.format = format;
    this.preprocessing = preprocessing;
    this.limits = limits;
  }

  @Override
  public void open() {
    format.open();
    images =
        new ImageDecoder(preprocessing, new ImageLimits(limits.imageBytes(), limits.imagePixels()));
  }

  @Override
  public EncodedFrame read(I record) throws RejectedFrameException {
    EncodedFrame encoded = format.decode(record);
    requireShort(encoded.frame(), limits.baggageBytes());
    return encoded;
  }

  @Override
  public void decode(EncodedFrame encoded, Features target) throws RejectedFrameException {
    Frame frame = encoded.frame();
    if (encoded.reference() != null) {
      throw new RejectedFrameException(
          new Rejection(
              frame,
              Reason.IMAGE_UNAVAILABLE,
              Rejection.FETCH,
              "the frame refers to its image, and the job is not set up to read references"));
    }
    try {
      images.decode(
          encoded.contentType(),
          encoded.image(),
          encoded.width(),
          encoded.height(),
          target.tensors()[0]);
    } catch (BadImageException e) {
      throw new RejectedFrameException(
          new Rejection(frame, reason(e), Rejection.DECODE, e.getMessage()));
    }
  }

  @Override
  public long flawed() {
    return images.flawed();
  }

  private static Reason reason(BadImageException image) {
    return switch (image.kind()) {
      case UNSUPPORTED -> Reason.UNSUPPORTED_CONTENT;
      case CORRUPT -> Reason.CORRUPT_IMAGE;
      case TOO_LARGE -> Reason.TOO_LARGE;
    };
  }

  /**
   * Refuses a frame whose source or baggage is too long. Its dead letter does without them: it
   * would be too long as well.
   *
   * @param baggageBytes most baggage, as {@link Limits#baggageBytes()}
   * @throws RejectedFrameException where it is
   */
  public static void requireShort(Frame frame, int baggageBytes) throws RejectedFrameException {
    int length = frame.sourceId().length();
    int baggage = frame.baggage().size();
    if (length > Limits.SOURCE_ID_CHARS) {
      throw tooLarge(
          frame,
          "the source has %d characters, allowed are %d".formatted(length, Limits.SOURCE_ID_CHARS));
    }
    if (baggage > baggageBytes) {
      throw tooLarge(
          frame,
          "the headers and fields to take along have %d bytes, allowed are %d"
              .formatted(baggage, baggageBytes));
    }
  }

  private static RejectedFrameException tooLarge(Frame frame, String detail) {
    Frame without = new Frame(null, -1, frame.timestampMs(), Frame.UNLABELLED, frame.origin());
    return new RejectedFrameException(
        new Rejection(without, Reason.TOO_LARGE, Rejection.READ, detail));
  }

  @Override
  public void close() {
    format.close();
    if (images != null) {
      images.close();
    }
  }
}
