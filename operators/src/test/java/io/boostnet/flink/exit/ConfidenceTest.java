package io.boostnet.flink.exit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.FloatBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfidenceTest {

  @Test
  void of_rowOfABatch_isItsGreatestProbability() {
    Confidence confidence = Confidence.of(FloatBuffer.wrap(new float[] {9, 9, 1, 3}), 1, 2);

    assertThat(confidence.label()).isEqualTo(1);
    assertThat(confidence.value()).isCloseTo((float) (1 / (1 + Math.exp(-2))), within(1e-6f));
    assertThat(confidence.isFinite()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
  void of_oneLogitThatIsNotFinite_isNotFinite(float logit) {
    for (int at = 0; at < 3; at++) {
      float[] logits = {1, 2, 3};
      logits[at] = logit;
      assertThat(Confidence.of(FloatBuffer.wrap(logits), 0, 3).isFinite()).isFalse();
    }
  }
}
