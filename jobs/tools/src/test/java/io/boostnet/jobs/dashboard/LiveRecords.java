package io.boostnet.jobs.dashboard;

import io.boostnet.schema.ControlEvent;
import io.boostnet.schema.Event;
import io.boostnet.schema.EventKind;
import io.boostnet.schema.ImageFrame;
import io.boostnet.schema.Prediction;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;

/** Records as a job with three exits would write them. */
final class LiveRecords {

  private LiveRecords() {}

  static ImageFrame frame(long sequence, long timestampMs) {
    return frame("camera", sequence, timestampMs, 8, 8);
  }

  static ImageFrame frame(String source, long sequence, long timestampMs, int width, int height) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    image.setRGB(3, 3, 0xff8800);
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, "png", png);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return ImageFrame.newBuilder()
        .setSourceId(source)
        .setSequence(sequence)
        .setTimestampMs(timestampMs)
        .setContentType("image/png")
        .setImage(ByteBuffer.wrap(png.toByteArray()))
        .build();
  }

  static Prediction prediction(
      long sequence, long timestampMs, long decidedAtMs, int exit, boolean right) {
    return Prediction.newBuilder()
        .setSourceId("camera")
        .setSequence(sequence)
        .setTimestampMs(timestampMs)
        .setLabel(1)
        .setLabelName("stop sign")
        .setConfidence(0.9f)
        .setExit(exit)
        .setExits(3)
        .setCost(exit / 3.0)
        .setForced(false)
        .setThresholdsVersion(7)
        .setBundle("test-bundle")
        .setBundleVersion("1")
        .setSubtask(0)
        .setDecidedAtMs(decidedAtMs)
        .setTrueLabel(right ? 1 : 2)
        .build();
  }

  static Event event(String source, long beganMs) {
    return Event.newBuilder()
        .setSourceId(source)
        .setKind(EventKind.CHANGED)
        .setToLabel(1)
        .setToLabelName("stop sign")
        .setBeganMs(beganMs)
        .setConfirmedMs(beganMs + 200)
        .setSequence(3)
        .build();
  }

  static ControlEvent change(long version, long timestampMs, double budget) {
    return ControlEvent.newBuilder()
        .setPipeline("test-pipeline")
        .setVersion(version)
        .setTimestampMs(timestampMs)
        .setReason("the budget moved")
        .setThresholds(List.of(0.9, 0.8, 0.0))
        .setBudget(budget)
        .setNeededRate(100.0)
        .setBacklogAgeMs(40L)
        .setUtilization(0.9)
        .setAuditAgreement(Arrays.asList(0.97, null))
        .build();
  }
}
