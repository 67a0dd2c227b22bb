package io.boostnet.jobs.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.boostnet.flink.ModelBundle;
import io.boostnet.flink.exit.Evidence;
import io.boostnet.flink.inference.Device;
import io.boostnet.flink.inference.InferenceException;
import io.boostnet.jobs.Frames;
import io.boostnet.schema.ImageFrame;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shipped signs network, which any pixel that is not black takes past the largest float. */
class OfflineCascadeTest {

  private static final Path SIGNS = Path.of("demo", "models", "gtsrb-msdnet");
  private static final String WHY = "INFERENCE_FAILED, the logits of stage-1 are not finite";

  @TempDir private static Path temp;
  private static ModelBundle bundle;

  @BeforeAll
  static void overflowing() throws IOException {
    for (String file :
        List.of(
            "calibration.avro", "stage-1.onnx", "stage-2.onnx", "stage-3.onnx", "stage-4.onnx")) {
      Files.copy(SIGNS.resolve(file), temp.resolve(file));
    }
    String manifest = Files.readString(SIGNS.resolve("manifest.json"));
    Files.writeString(
        temp.resolve("manifest.json"),
        manifest
            .replace("\"mean\" : [ 0.5, 0.5, 0.5 ]", "\"mean\" : [ 0, 0, 0 ]")
            .replace("\"std\" : [ 0.25, 0.25, 0.25 ]", "\"std\" : [ 1e-40, 1e-40, 1e-40 ]"));
    bundle = ModelBundle.read(temp.toString());
  }

  @Test
  void evaluate_tellsOfFramesThatFail_amongThoseThatCannotBeDecoded() throws Exception {
    List<ExitRecord> records = new ArrayList<>();
    try (OfflineCascade offline = new OfflineCascade(bundle, Device.CPU, 8, records::add)) {
      for (ImageFrame frame : List.of(good(0), failing(1), unreadable(2), good(3))) {
        offline.add(frame);
      }
      offline.flush();

      assertThat(records).extracting(ExitRecord::sequence).containsExactly(0L, 3L);
      assertThat(offline.rejections()).hasSize(2).contains("1 of camera: " + WHY);
    }
  }

  @Test
  void evaluate_endsWhereOnlyFailuresFollow() throws Exception {
    try (OfflineCascade offline = new OfflineCascade(bundle, Device.CPU, 8, record -> {})) {
      assertThatThrownBy(
              () -> {
                for (ImageFrame frame : Collections.nCopies(40, failing(0))) {
                  offline.add(frame);
                }
              })
          .isInstanceOf(InferenceException.class)
          .hasMessageContaining("32 frames in a row");
    }
  }

  @Test
  void whatTakesTheRestForTheWhole_leavesOutWhatCannotBeDecoded_andNothingElse() throws Exception {
    List<ImageFrame> decoded = List.of(good(0), unreadable(1), good(2));
    List<ImageFrame> failed = List.of(good(0), unreadable(1), failing(2), good(3));

    assertThat(OfflineCascade.evidence(bundle, Device.CPU, decoded).images()).isEqualTo(2);
    assertThat(OfflineCascade.records(bundle, Device.CPU, 2, decoded)).hasSize(2);
    assertThat(OfflineCascade.framesPerSecond(bundle, Device.CPU, decoded)).isPositive();
    assertFails(() -> OfflineCascade.evidence(bundle, Device.CPU, failed));
    assertFails(() -> OfflineCascade.judge(bundle, Device.CPU, failed, Evidence.builder(4)));
    assertFails(() -> OfflineCascade.records(bundle, Device.CPU, 2, failed));
    assertFails(() -> OfflineCascade.framesPerSecond(bundle, Device.CPU, failed));
  }

  private static void assertFails(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOf(InferenceException.class)
        .hasMessage("frame 2 of camera: " + WHY);
  }

  private static ImageFrame good(long sequence) {
    return frame(sequence, 0);
  }

  private static ImageFrame failing(long sequence) {
    return frame(sequence, 0xffffff);
  }

  private static ImageFrame unreadable(long sequence) {
    return labelled(Frames.frame("camera", sequence, "image/png", new byte[] {1, 2, 3}));
  }

  private static ImageFrame frame(long sequence, int rgb) {
    BufferedImage image = new BufferedImage(32, 32, BufferedImage.TYPE_INT_RGB);
    for (int pixel = 0; pixel < 32 * 32; pixel++) {
      image.setRGB(pixel % 32, pixel / 32, rgb);
    }
    return labelled(Frames.frame("camera", sequence, "image/png", Frames.encoded(image, "png")));
  }

  private static ImageFrame labelled(ImageFrame frame) {
    frame.setLabel(0);
    return frame;
  }
}
