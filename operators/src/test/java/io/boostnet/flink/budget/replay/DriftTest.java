package io.boostnet.flink.budget.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.boostnet.flink.exit.Evidence;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DriftTest {

  /** Four classes in turn; confidence 0.64 at exit 1, 0.81 at exit 4. */
  private static final Evidence EVIDENCE = evidence();

  @Test
  void inDifficulty_powerAboveOne_lowersConfidencesLessAtDeeperExits() {
    Evidence harder = Drift.inDifficulty(EVIDENCE, 3);

    assertThat(harder.confidence(1, 0)).isEqualTo((float) Math.pow(0.64, 3), within(1e-6f));
    assertThat(harder.confidence(4, 0)).isEqualTo((float) Math.pow(0.81, 2), within(1e-6f));
    assertThat(harder.accuracy(1)).isEqualTo(EVIDENCE.accuracy(1));
    assertThatThrownBy(() -> Drift.inDifficulty(EVIDENCE, 0)).hasMessageContaining("power is 0.0");
  }

  @Test
  void inClasses_weights_areTheSharesOfAsManyImages() {
    Evidence mixed = Drift.inClasses(EVIDENCE, label -> label == 0 ? 3 : label == 1 ? 1 : 0);

    assertThat(mixed.images()).isEqualTo(EVIDENCE.images());
    assertThat(count(mixed, 0)).isEqualTo(300);
    assertThat(count(mixed, 1)).isEqualTo(100);
    assertThatThrownBy(() -> Drift.inClasses(EVIDENCE, label -> 0))
        .hasMessage("no image of the evidence has a class with a weight");
  }

  private static long count(Evidence evidence, int label) {
    return IntStream.range(0, evidence.images()).filter(i -> evidence.label(i) == label).count();
  }

  private static Evidence evidence() {
    Evidence.Builder builder = Evidence.builder(4);
    for (int image = 0; image < 400; image++) {
      int label = image % 4;
      builder.add(
          label, new float[] {0.64f, 0.7f, 0.75f, 0.81f}, new int[] {0, label, label, label});
    }
    return builder.build();
  }
}
