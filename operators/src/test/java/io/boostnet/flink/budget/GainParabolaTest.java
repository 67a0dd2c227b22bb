package io.boostnet.flink.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

class GainParabolaTest {

  @Property(tries = 50)
  void fit_pointsOfAParabola_givesItBack(
      @ForAll @DoubleRange(min = -2, max = 2) double constant,
      @ForAll @DoubleRange(min = -2, max = 2) double linear,
      @ForAll @DoubleRange(min = -2, max = 2) double square,
      @ForAll long seed) {
    GainParabola curve = new GainParabola();
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < 100; i++) {
      double x = i / 50.0 - 1;
      curve.add(x, constant + linear * x + square * x * x, 0.1 + random.nextDouble());
    }
    curve.fit();

    for (double x = -1; x <= 1; x += 0.25) {
      assertThat(curve.at(x)).isEqualTo(constant + linear * x + square * x * x, within(1e-6));
    }
  }

  @Test
  void fit_noisyGains_isNearerToTheTruthThanTheyAre() {
    GainParabola curve = new GainParabola();
    SplittableRandom random = new SplittableRandom(5);
    for (int i = 0; i < 4000; i++) {
      double x = i / 2000.0 - 1;
      curve.add(x, (random.nextDouble() < 0.5 + 0.4 * x ? 1 : 0) - 0.5, 1);
    }
    curve.fit();

    for (double x = -1; x <= 1; x += 0.25) {
      assertThat(curve.at(x)).isEqualTo(0.4 * x, within(0.05));
    }
  }

  @Test
  void fit_imagesThatCountMore_leadTheCurve() {
    GainParabola curve = new GainParabola();
    for (int i = 0; i < 100; i++) {
      double x = i / 50.0 - 1;
      curve.add(x, 1, 10);
      curve.add(x, 0, 1);
    }
    curve.fit();

    assertThat(curve.at(0)).isEqualTo(10 / 11.0, within(1e-6));
  }

  @Test
  void fit_lessThanThreeImages_staysFinite() {
    GainParabola curve = new GainParabola();
    curve.add(-1, 0.5, 1);
    curve.fit();

    assertThat(curve.at(-1)).isEqualTo(0.5, within(1e-3));

    curve.clear();
    curve.fit();

    assertThat(curve.at(0.5)).isZero();
  }
}
