package io.boostnet.jobs.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class LoadProfileTest {

  @Property(tries = 300)
  void dueSeconds_anyProfile_isTheInverseOfFrames(
      @ForAll("profiles") LoadProfile profile, @ForAll @LongRange(max = 1_000_000) long index) {
    assertThat(profile.frames(profile.dueSeconds(index))).isCloseTo(index, within(1e-3));
  }

  @Property(tries = 300)
  void dueSeconds_anyProfile_neverStepsBack(
      @ForAll("profiles") LoadProfile profile, @ForAll @LongRange(max = 1_000_000) long index) {
    assertThat(profile.dueSeconds(index + 1)).isGreaterThanOrEqualTo(profile.dueSeconds(index));
  }

  @Property(tries = 300)
  void frames_anyProfile_isTheIntegralOfTheRate(
      @ForAll("profiles") LoadProfile profile, @ForAll @DoubleRange(max = 300) double end) {
    int steps = 20_000;
    double step = end / steps;
    double sum = 0;
    for (int i = 0; i < steps; i++) {
      sum += profile.rate((i + 0.5) * step) * step;
    }
    // A burst's edge may fall within a step: one step's worth of rate, once for each edge.
    assertThat(profile.frames(end)).isCloseTo(sum, within(1e-6 + 0.005 * sum + 2000 * step));
  }

  @Test
  void dueSeconds_firstFrame_isDueAtOnce() {
    assertThat(new LoadProfile.Steady(50).dueSeconds(0)).isZero();
  }

  @Test
  void rate_burst_isHighAtTheEndOfThePeriod() {
    LoadProfile burst = new LoadProfile.Burst(10, 100, 60, 15);
    assertThat(burst.rate(44.9)).isEqualTo(10);
    assertThat(burst.rate(45.1)).isEqualTo(100);
    assertThat(burst.rate(60.1)).isEqualTo(10);
    assertThat(burst.frames(60)).isEqualTo(45 * 10 + 15 * 100);
  }

  @Test
  void dueSeconds_burstAtAPeriodThatIsNoBinaryFraction_isTheInverseOfFrames() {
    LoadProfile burst = new LoadProfile.Burst(13.54, 1.25, 6.4, 6.4 / 3);
    for (long index = 0; index < 5000; index++) {
      assertThat(burst.frames(burst.dueSeconds(index))).isCloseTo(index, within(1e-6));
    }
  }

  @Test
  void rate_diurnal_isHighestInTheMiddle() {
    LoadProfile diurnal = new LoadProfile.Diurnal(20, 80, 100);
    assertThat(diurnal.rate(0)).isEqualTo(20);
    assertThat(diurnal.rate(50)).isEqualTo(80);
    assertThat(diurnal.frames(100)).isCloseTo(5000, within(1e-6));
  }

  @Test
  void build_badValue_saysNameValueAndRange() {
    assertThatThrownBy(() -> new LoadProfile.Steady(0))
        .hasMessage("rate is 0.0; it must be above 0 and finite");
    assertThatThrownBy(() -> new LoadProfile.Burst(1, 2, 10, 10))
        .hasMessage("burst length is 10.0 s; it must be below the period, 10.0 s");
  }

  @Provide
  Arbitrary<LoadProfile> profiles() {
    Arbitrary<Double> rate = Arbitraries.doubles().between(0.5, 2000);
    Arbitrary<Double> period = Arbitraries.doubles().between(5, 120);
    return Arbitraries.oneOf(
        rate.map(LoadProfile.Steady::new),
        Combinators.combine(rate, rate, period)
            .as((base, peak, p) -> new LoadProfile.Burst(base, peak, p, p / 3)),
        Combinators.combine(rate, rate, period).as(LoadProfile.Ramp::new),
        Combinators.combine(rate, rate, period).as(LoadProfile.Diurnal::new));
  }
}
