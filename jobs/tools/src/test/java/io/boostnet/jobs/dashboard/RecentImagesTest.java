package io.boostnet.jobs.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.boostnet.flink.model.EncodedFrame;
import io.boostnet.flink.model.Frame;
import io.boostnet.flink.model.Origin;
import org.junit.jupiter.api.Test;

class RecentImagesTest {

  private final RecentImages images = new RecentImages();

  @Test
  void image_predicted_isShown_andChangesTheVersion() {
    long before = images.version();
    images.frame(frame(0, 5));
    assertThat(images.version()).isEqualTo(before);
    predicted(0);
    assertThat(images.version()).isGreaterThan(before);
    assertThat(images.strips().get(0)).hasSize(1);
  }

  @Test
  void emptyImage_isNotKept() {
    images.frame(frame(0, 0));
    predicted(0);
    assertThat(images.strips()).isEmpty();
  }

  @Test
  void waitingFrames_areBounded_theOldestGo() {
    for (int i = 0; i <= RecentImages.WAITING_FRAMES; i++) {
      images.frame(frame(i, 1));
    }
    predicted(0);
    assertThat(images.strips()).isEmpty();
    predicted(1);
    assertThat(images.strips().get(0)).hasSize(1);
  }

  @Test
  void largeImage_isAtHand_andInNoStrip() {
    images.frame(frame(0, RecentImages.LARGEST_IMAGE));
    images.frame(frame(1, RecentImages.LARGEST_IMAGE + 1));
    images.frame(frame(2, RecentImages.LARGEST_IN_STRIP));

    assertThat(predicted(0)).startsWith("data:image/png;base64,");
    assertThat(images.strips()).isEmpty();
    assertThat(predicted(1)).as("too large").isNull();
    assertThat(predicted(2)).isNotNull();
    assertThat(images.strips().get(0)).hasSize(1);
  }

  @Test
  void waitingBytes_areBounded_theOldestGo() {
    for (int i = 0; i <= 32; i++) {
      images.frame(frame(i, RecentImages.LARGEST_IMAGE));
    }

    assertThat(predicted(0)).isNull();
    assertThat(predicted(1)).isNotNull();
    assertThat(predicted(32)).isNotNull();
  }

  private String predicted(long sequence) {
    return images.predicted(LiveRecords.prediction(sequence, 0, 0, 1, true));
  }

  private static EncodedFrame frame(long sequence, int bytes) {
    Frame frame = new Frame("camera", sequence, 0, Frame.UNLABELLED, Origin.elsewhere(null));
    return EncodedFrame.of(frame, "image/png", new byte[bytes]);
  }
}
