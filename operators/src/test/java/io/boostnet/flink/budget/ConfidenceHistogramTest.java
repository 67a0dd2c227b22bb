package io.boostnet.flink.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

class ConfidenceHistogramTest {

  @Property
  void thresholdFor_anyShare_isReachedByThatShare(
      @ForAll @DoubleRange(min = 0, max = 1) double share, @ForAll long seed) {
    ConfidenceHistogram histogram = of(sample(2000, seed));

    assertThat(histogram.shareFrom(histogram.thresholdFor(share))).isEqualTo(share, within(1e-9));
  }

  @Property(tries = 50)
  void thresholdFor_largeSample_isNearItsQuantile(
      @ForAll @DoubleRange(min = 0.02, max = 0.98) double share, @ForAll long seed) {
    float[] confidences = sample(20_000, seed);
    double threshold = of(confidences).thresholdFor(share);
    int leaving = 0;
    for (float confidence : confidences) {
      leaving += confidence >= threshold ? 1 : 0;
    }

    assertThat(leaving / 20_000.0).isEqualTo(share, within(0.01));
  }

  @Test
  void thresholdFor_allOrNone_opensOrClosesTheExit() {
    ConfidenceHistogram histogram = of(sample(100, 1));

    assertThat(histogram.thresholdFor(1)).isZero();
    assertThat(histogram.thresholdFor(0)).isGreaterThan(1);
    assertThat(histogram.shareFrom(0)).isEqualTo(1);
    assertThat(histogram.shareFrom(2)).isZero();
    assertThat(ConfidenceHistogram.empty().shareFrom(0)).isZero();
    assertThat(ConfidenceHistogram.empty().thresholdFor(0.5)).isGreaterThan(1);
  }

  @Test
  void record_extremes_areCounted() {
    ConfidenceHistogram histogram = of(0, 1, 1e-30f, Math.nextDown(1f));

    assertThat(histogram.total()).isEqualTo(4);
    assertThat(histogram.shareFrom(0.5)).isEqualTo(0.5);
  }

  @Test
  void confidences_upToTheLastFloatBelow1_areToldApart() {
    float sure = 1 - 0x1p-18f;
    float surer = 1 - 0x1p-21f;
    float surest = Math.nextDown(1f);
    ConfidenceHistogram histogram = of(sure, surer, surest, 1);

    assertThat(histogram.thresholdFor(0.75)).isBetween((double) sure, (double) surer);
    assertThat(histogram.thresholdFor(0.5)).isBetween((double) surer, (double) surest);
    assertThat(histogram.thresholdFor(0.25)).isBetween((double) surest, 1.0);
  }

  @Test
  void scaledPlus_half_fadesTheFirst() {
    ConfidenceHistogram faded = of(0.2f, 0.2f).scaledPlus(0.5, of(0.9f));

    assertThat(faded.total()).isEqualTo(2);
    assertThat(faded.shareFrom(0.5)).isEqualTo(0.5);
    assertThat(ConfidenceHistogram.of(faded.toArray())).isEqualTo(faded);
  }

  @Test
  void drain_calledAgain_startsFromNothing() {
    ConfidenceHistogram.Recorder recorder = new ConfidenceHistogram.Recorder();
    recorder.record(0.5f);

    assertThat(recorder.drain().total()).isEqualTo(1);
    assertThat(recorder.drain()).isEqualTo(ConfidenceHistogram.empty());
  }

  @Test
  void of_wrongCounts_isRefused() {
    assertThatThrownBy(() -> ConfidenceHistogram.of(1, 2)).hasMessageContaining("2 counts");
    double[] negative = new double[ConfidenceHistogram.BINS];
    negative[3] = -1;
    assertThatThrownBy(() -> ConfidenceHistogram.of(negative))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static ConfidenceHistogram of(float... confidences) {
    ConfidenceHistogram.Recorder recorder = new ConfidenceHistogram.Recorder();
    for (float confidence : confidences) {
      recorder.record(confidence);
    }
    return recorder.drain();
  }

  private static float[] sample(int images, long seed) {
    Random random = new Random(seed);
    float[] confidences = new float[images];
    double centre = 4 * random.nextDouble() - 1;
    for (int i = 0; i < images; i++) {
      confidences[i] = (float) (1 / (1 + Math.exp(-centre - 1.5 * random.nextGaussian())));
    }
    return confidences;
  }
}
