package io.boostnet.flink.codec;

import io.boostnet.flink.model.ElementType;
import io.boostnet.flink.model.Features;
import io.boostnet.flink.model.Preprocessing;
import io.boostnet.flink.model.RejectedFrameException;
import io.boostnet.flink.model.SampleDecoder;
import io.boostnet.flink.model.TensorSpec;
import io.boostnet.flink.options.Limits;
import io.boostnet.image.contract.ImageContract;
import io.boostnet.schema.ImageFrame;
import java.nio.ByteBuffer;
import java.util.List;

/** What serving takes for an image. */
class FrameImageContractTest extends ImageContract {

  private static final Preprocessing PREPROCESSING =
      new Preprocessing(
          32,
          32,
          Preprocessing.ChannelOrder.RGB,
          1 / 255.0,
          List.of(0.5, 0.5, 0.5),
          List.of(0.25, 0.25, 0.25),
          Preprocessing.Resize.STRETCH,
          0,
          Preprocessing.Interpolation.BILINEAR);

  @Override
  protected Verdict read(byte[] image) {
    try (SampleDecoder<ImageFrame> decoder =
        new FrameSamples<>(new ImageFrameDecoder(), PREPROCESSING, Limits.DEFAULT)) {
      decoder.open();
      decoder.decode(
          ImageFrame.newBuilder()
              .setSourceId("camera")
              .setSequence(0)
              .setTimestampMs(0)
              .setContentType("image/jpeg")
              .setImage(ByteBuffer.wrap(image))
              .build(),
          Features.allocate(
              List.of(new TensorSpec("image", ElementType.FLOAT, List.of(3L, 32L, 32L)))));
      return Verdict.read(decoder.flawed() == 1);
    } catch (RejectedFrameException e) {
      return Verdict.refused(e.getMessage());
    }
  }
}
