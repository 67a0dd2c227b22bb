package io.boostnet.flink.track;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.FloatBuffer;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.FloatRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class TrackFilterTest {

  private static TrackFilter.Step step(float[] evidence, float... logits) {
    return TrackFilter.step(evidence, FloatBuffer.wrap(logits), 0, logits.length);
  }

  @Test
  void firstFrame_isItself_mixedWithAllClassesAlike() {
    TrackFilter.Step first = step(null, 2, 0, 0, 0);

    double own = Math.exp(2) / (Math.exp(2) + 3);
    assertThat(first.confidence().label()).isZero();
    assertThat(first.confidence().value()).isCloseTo((float) (0.98 * own + 0.005), within(1e-5f));
  }

  @Test
  void framesThatAgree_areSurerThanAnyOfThem() {
    TrackFilter.Step one = step(null, 1, 0, 0);
    TrackFilter.Step two = step(one.evidence(), 1, 0, 0);

    assertThat(two.confidence().value()).isGreaterThan(one.confidence().value());
  }

  @Test
  void anUnsureFrame_isOutvoted_byThoseBefore() {
    TrackFilter.Step sure = step(step(null, 5, 0, 0).evidence(), 5, 0, 0);
    assertThat(step(sure.evidence(), 0, 1, 0).confidence().label()).isZero();
  }

  @Test
  void aSureFrameOfAnotherClass_dropsWhatWasBefore() {
    TrackFilter.Step sure = step(step(null, 5, 0, 0).evidence(), 5, 0, 0);
    TrackFilter.Step other = step(sure.evidence(), 0, 5, 0);

    assertThat(other.confidence()).isEqualTo(step(null, 0, 5, 0).confidence());
    assertThat(other.evidence()).isEqualTo(step(null, 0, 5, 0).evidence());
  }

  @Test
  void aRow_isReadFromItsPlaceInTheBatch() {
    FloatBuffer batch = FloatBuffer.wrap(new float[] {9, 9, 0, 3});
    assertThat(TrackFilter.step(null, batch, 1, 2).confidence())
        .isEqualTo(step(null, 0, 3).confidence());
  }

  @Property(tries = 300)
  void probabilities_sumToOne_andEvidenceIsBounded(
      @ForAll @Size(min = 1, max = 20) List<@Size(value = 5) List<@FloatRange(min = -100, max = 100) Float>> frames) {
    float[] evidence = null;
    for (List<Float> frame : frames) {
      float[] logits = new float[5];
      for (int i = 0; i < logits.length; i++) {
        logits[i] = frame.get(i);
      }
      TrackFilter.Step step = step(evidence, logits);
      evidence = step.evidence();
      double sum = 0;
      float largest = Float.NEGATIVE_INFINITY;
      for (int i = 0; i < logits.length; i++) {
        sum += Math.exp(step.logProbabilities()[i]);
        assertThat(evidence[i]).isBetween(-7f, 0f);
        largest = Math.max(largest, evidence[i]);
      }
      assertThat(sum).isCloseTo(1, within(1e-4));
      assertThat(largest).isZero();
    }
  }
}
