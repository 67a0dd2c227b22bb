package io.boostnet.flink.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.boostnet.flink.model.Frame;
import io.boostnet.flink.model.RejectedFrameException;
import io.boostnet.schema.ImageFrame;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.InputStream;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** From frames to tensors. */
class FrameSamplesTest extends FrameSamplesHarness {
  @Test
  void png_isNormalisedChannelByChannel() throws Exception {
    Color colour = new Color(10, 120, 250);
    Frame frame =
        decode(
            frame("image/png", encoded("png", filled(SIDE, BufferedImage.TYPE_INT_RGB, colour))));
    assertTensor(10, 120, 250, 0.001);
    assertThat(frame.sourceId()).isEqualTo("camera");
    assertThat(frame.sequence()).isEqualTo(3);
    assertThat(frame.timestampMs()).isEqualTo(77);
    assertThat(frame.label()).isEqualTo(2);
    assertThat(frame.origin().topic()).isEqualTo("frames");
    assertThat(frame.origin().partition()).isEqualTo(1);
    assertThat(frame.origin().offset()).isEqualTo(42);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 4, 5, 64})
  void anySize_isResized(int side) throws Exception {
    Color colour = new Color(200, 100, 50);
    decode(frame("image/png", encoded("png", filled(side, BufferedImage.TYPE_INT_RGB, colour))));
    assertTensor(200, 100, 50, 0.6);
  }

  @Test
  void jpeg_isDecoded() throws Exception {
    Color colour = new Color(200, 100, 50);
    decode(frame("image/jpeg", encoded("jpg", filled(16, BufferedImage.TYPE_INT_RGB, colour))));
    assertTensor(200, 100, 50, 4);
  }

  @Test
  void grey_becomesColour() throws Exception {
    var grey = filled(SIDE, BufferedImage.TYPE_BYTE_GRAY, Color.WHITE);
    decode(frame("image/png", encoded("png", grey)));
    assertTensor(255, 255, 255, 0.001);
    decode(frame("image/jpeg", encoded("jpg", grey)));
    assertTensor(255, 255, 255, 2);
  }

  @Test
  void alpha_isDropped() throws Exception {
    var image = filled(SIDE, BufferedImage.TYPE_INT_ARGB, new Color(9, 99, 199, 255));
    decode(frame("image/png", encoded("png", image)));
    assertTensor(9, 99, 199, 0.001);
  }

  @Test
  void cmyk_becomesColour() throws Exception {
    try (InputStream in = getClass().getResourceAsStream("/images/cmyk-red.jpg")) {
      decode(frame("image/jpeg", in.readAllBytes()));
    }
    assertTensor(255, 0, 0, 40);
  }

  @Test
  void rawPlanes_areTakenAsTheyAre() throws Exception {
    byte[] planes = new byte[3 * PLANE];
    Arrays.fill(planes, 0, PLANE, (byte) 1);
    Arrays.fill(planes, PLANE, 2 * PLANE, (byte) 2);
    Arrays.fill(planes, 2 * PLANE, 3 * PLANE, (byte) 203);
    ImageFrame frame = frame(ImageDecoder.RAW, planes);
    frame.setWidth(SIDE);
    frame.setHeight(SIDE);
    decode(frame);
    assertTensor(1, 2, 203, 0.001);

    frame.setWidth(SIDE + 1);
    assertThat(rejectionOf(record(bytes(ImageFrame.getEncoder().encode(frame)))).detail())
        .contains("need 60 bytes and have 48");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "image/jpg", "IMAGE/JPEG", "Image/Jpeg; charset=binary", "image/jpeg;q=1", "image/png",
        " image/jpeg ", "", "application/octet-stream", "binary/octet-stream", "text/plain"
      })
  void image_isReadAsWhatItsBytesAre_whateverTypeIsDeclared(String type) throws Exception {
    Color colour = new Color(200, 100, 50);
    decode(frame(type, encoded("jpg", filled(16, BufferedImage.TYPE_INT_RGB, colour))));
    assertTensor(200, 100, 50, 4);
    decode(frame(type, encoded("png", filled(16, BufferedImage.TYPE_INT_RGB, colour))));
    assertTensor(200, 100, 50, 0.001);
  }

  @Test
  void rawPlanes_inCapitalsAndWithParameters_areTakenAsTheyAre() throws Exception {
    byte[] planes = new byte[3 * PLANE];
    Arrays.fill(planes, (byte) 7);
    ImageFrame frame = frame("Image/X-RGB-Planes; layout=planar", planes);
    frame.setWidth(SIDE);
    frame.setHeight(SIDE);
    decode(frame);
    assertTensor(7, 7, 7, 0.001);
  }

  @Test
  void afterBadInput_goodInputIsDecoded() throws Exception {
    assertThatThrownBy(() -> decode(frame("image/png", new byte[50])))
        .isInstanceOf(RejectedFrameException.class);
    Color colour = new Color(10, 120, 250);
    decode(frame("image/png", encoded("png", filled(SIDE, BufferedImage.TYPE_INT_RGB, colour))));
    assertTensor(10, 120, 250, 0.001);
  }
}
