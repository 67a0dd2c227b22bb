package io.boostnet.flink.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.boostnet.flink.model.ElementType;
import io.boostnet.flink.model.Features;
import io.boostnet.flink.model.Frame;
import io.boostnet.flink.model.Preprocessing;
import io.boostnet.flink.model.RejectedFrameException;
import io.boostnet.flink.model.Rejection;
import io.boostnet.flink.model.SampleDecoder;
import io.boostnet.flink.model.SourceRecord;
import io.boostnet.flink.model.TensorSpec;
import io.boostnet.flink.options.Limits;
import io.boostnet.schema.ImageFrame;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A decoder of Avro frames into tensors of 4 x 4, and frames for it. */
abstract class FrameSamplesHarness {

  static final int SIDE = 4;
  static final int PLANE = SIDE * SIDE;
  static final int NOISE_SIDE = 96;

  final SampleDecoder<SourceRecord> decoder =
      new FrameSamples<>(
          new AvroFrameDecoder(),
          new Preprocessing(
              SIDE,
              SIDE,
              Preprocessing.ChannelOrder.RGB,
              1 / 255.0,
              List.of(0.5, 0.5, 0.5),
              List.of(0.25, 0.25, 0.25),
              Preprocessing.Resize.STRETCH,
              0,
              Preprocessing.Interpolation.AREA),
          new Limits(1 << 20, 1_000_000, 1 << 20));
  final Features tensor =
      Features.allocate(
          List.of(
              new TensorSpec("image", ElementType.FLOAT, List.of(3L, (long) SIDE, (long) SIDE))));

  @BeforeEach
  void open() {
    decoder.open();
  }

  @AfterEach
  void close() {
    decoder.close();
  }

  static ImageFrame frame(String contentType, byte[] image) {
    return ImageFrame.newBuilder()
        .setSourceId("camera")
        .setSequence(3)
        .setTimestampMs(77)
        .setContentType(contentType)
        .setImage(ByteBuffer.wrap(image))
        .setLabel(2)
        .build();
  }

  Frame decode(ImageFrame frame) throws Exception {
    return decoder.decode(record(bytes(ImageFrame.getEncoder().encode(frame))), tensor);
  }

  static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return bytes;
  }

  static SourceRecord record(byte[] value) {
    return new SourceRecord(value, "frames", 1, 42, 1234);
  }

  static byte[] encoded(String format, BufferedImage image) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    assertThat(ImageIO.write(image, format, out)).isTrue();
    return out.toByteArray();
  }

  static BufferedImage filled(int side, int type, Color colour) {
    BufferedImage image = new BufferedImage(side, side, type);
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(colour);
    graphics.fillRect(0, 0, side, side);
    graphics.dispose();
    return image;
  }

  static BufferedImage noise() {
    BufferedImage image = new BufferedImage(NOISE_SIDE, NOISE_SIDE, BufferedImage.TYPE_INT_RGB);
    var random = new java.util.Random(1);
    for (int i = 0; i < NOISE_SIDE * NOISE_SIDE; i++) {
      image.setRGB(i % NOISE_SIDE, i / NOISE_SIDE, random.nextInt());
    }
    return image;
  }

  void assertTensor(double red, double green, double blue, double tolerance) {
    double[] pixel = {red, green, blue};
    for (int channel = 0; channel < 3; channel++) {
      for (int i = 0; i < PLANE; i++) {
        assertThat(tensor.tensors()[0].getFloat(4 * (channel * PLANE + i)))
            .isCloseTo(
                (float) ((pixel[channel] / 255 - 0.5) / 0.25),
                org.assertj.core.data.Offset.offset((float) (tolerance / 255 / 0.25)));
      }
    }
  }

  Rejection rejectionOf(SourceRecord record) {
    try {
      decoder.decode(record, tensor);
    } catch (RejectedFrameException e) {
      return e.rejection();
    }
    throw new AssertionError("was decoded");
  }

  Rejection rejectionOf(String contentType, byte[] image) throws IOException {
    return rejectionOf(record(bytes(ImageFrame.getEncoder().encode(frame(contentType, image)))));
  }
}
