package io.boostnet.flink.codec;

import io.boostnet.flink.model.EncodedFrame;
import io.boostnet.flink.model.FrameDecoder;
import io.boostnet.flink.model.Origin;
import io.boostnet.flink.model.RejectedFrameException;
import io.boostnet.flink.model.Rejection;
import io.boostnet.flink.model.SourceRecord;
import io.boostnet.schema.ImageFrame;
import io.boostnet.schema.SingleObject;
import java.io.IOException;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.message.BinaryMessageDecoder;
import org.apache.flink.annotation.PublicEvolving;

/** Kafka records that hold an {@link ImageFrame} in Avro single-object encoding. */
@PublicEvolving
public final class AvroFrameDecoder implements FrameDecoder<SourceRecord> {

  private static final long serialVersionUID = 1;

  private transient BinaryMessageDecoder<ImageFrame> decoder;

  @Override
  public void open() {
    decoder = SingleObject.decoder(ImageFrame.class);
  }

  @Override
  public EncodedFrame decode(SourceRecord record) throws RejectedFrameException {
    Origin origin = Origin.of(record);
    try {
      return ImageFrameDecoder.encoded(decoder.decode(origin.payload()), origin);
    } catch (IOException | AvroRuntimeException | IndexOutOfBoundsException e) {
      throw new RejectedFrameException(
          Rejection.unreadable(
              record,
              "the record of %d bytes is not an ImageFrame in Avro single-object encoding: %s"
                  .formatted(
                      origin.payload().length,
                      ForeignRecord.of(origin.payload()).orElse(e.getMessage()))));
    }
  }
}
