package io.boostnet.flink.exit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class EvidenceTest {

  private static final int[] LABELS = {3, 1, 2};
  private static final float[] CONFIDENCE = {0.5f, 0.6f, 0.7f, 0.8f, 0.9f, 1f};
  private static final int[] PREDICTED = {3, 2, 0, 3, 1, 0};

  @Test
  void of_flatArrays_readsExitAfterExit() {
    Evidence evidence = Evidence.of(LABELS, CONFIDENCE, PREDICTED);

    assertThat(evidence.exits()).isEqualTo(2);
    assertThat(evidence.images()).isEqualTo(3);
    assertThat(evidence.confidence(1, 2)).isEqualTo(0.7f);
    assertThat(evidence.confidence(2, 0)).isEqualTo(0.8f);
    assertThat(evidence.predicted(2, 1)).isEqualTo(1);
    assertThat(evidence.label(2)).isEqualTo(2);
    assertThat(evidence.accuracy(1)).isEqualTo(1 / 3.0);
    assertThat(evidence.accuracy(2)).isEqualTo(2 / 3.0);
    assertThat(evidence.confidences(2)).containsExactly(0.8f, 0.9f, 1f);
  }

  @Test
  void of_arraysChangedAfterwards_keepsItsOwn() {
    int[] labels = LABELS.clone();
    Evidence evidence = Evidence.of(labels, CONFIDENCE, PREDICTED);
    labels[0] = 9;

    assertThat(evidence.label(0)).isEqualTo(3);
  }

  @Test
  void builder_pastItsFirstCapacity_givesWhatWasAdded() {
    Evidence.Builder builder = Evidence.builder(2);
    for (int image = 0; image < 3000; image++) {
      builder.add(image, new float[] {image / 3000f, 1}, new int[] {image, -image});
    }
    Evidence evidence = builder.build();

    assertThat(evidence.images()).isEqualTo(3000);
    assertThat(evidence.label(2999)).isEqualTo(2999);
    assertThat(evidence.confidence(1, 1500)).isEqualTo(0.5f);
    assertThat(evidence.confidence(2, 1500)).isEqualTo(1);
    assertThat(evidence.predicted(2, 2500)).isEqualTo(-2500);
    assertThat(evidence.accuracy(1)).isEqualTo(1);
  }

  @Test
  void of_valueOutOfRange_saysWhichAndWhatIsAllowed() {
    assertThatThrownBy(() -> Evidence.of(LABELS, new float[] {0, 0, 0, 0, Float.NaN, 0}, PREDICTED))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("confidence of image 1 at exit 2 is NaN; within 0..1 is needed");
    assertThatThrownBy(() -> Evidence.of(LABELS, new float[] {0, 0, 1.01f}, new int[3]))
        .hasMessageContaining("image 2 at exit 1 is 1.01");
    assertThatThrownBy(() -> Evidence.of(LABELS, new float[4], new int[4]))
        .hasMessageContaining("3 labels and 4 confidences");
    assertThatThrownBy(() -> Evidence.of(LABELS, CONFIDENCE, new int[3]))
        .hasMessageContaining("3 predicted classes and 6 confidences");
    assertThatThrownBy(() -> Evidence.builder(2).build()).hasMessageContaining("0 labels");
    assertThatThrownBy(() -> Evidence.builder(2).add(0, new float[1], new int[2]))
        .hasMessageContaining("image 0 has 1 confidences");
  }
}
