package io.boostnet.jobs.camera.feed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class FrameSamplerTest {

  @Test
  void takes_rateThatDividesTheCameras_everySoManyth() {
    assertThat(taken(5.0, grid(25, 0, 20))).containsExactly(0L, 200_000L, 400_000L, 600_000L);
  }

  @Test
  void takes_withoutRate_every() {
    assertThat(taken(null, grid(25, 7, 5))).hasSize(5);
  }

  @Test
  void takes_timeGoesBack_beginsAnew() {
    FrameSampler sampler = new FrameSampler(1.0);

    assertThat(sampler.takes(5_000_000)).isTrue();
    assertThat(sampler.takes(5_500_000)).isFalse();
    assertThat(sampler.takes(0)).isTrue();
    assertThat(sampler.takes(500_000)).isFalse();
  }

  @Test
  void takes_longGap_doesNotCatchUp() {
    FrameSampler sampler = new FrameSampler(10.0);
    sampler.takes(0);

    List<Long> after = LongStream.range(0, 10).map(i -> 60_000_000 + i * 40_000).boxed().toList();

    assertThat(after.stream().filter(sampler::takes)).hasSizeBetween(4, 5);
  }

  @Test
  void takes_arrivalsWaverAtTheCamerasOwnRate_losesNone() {
    Random random = new Random(3);
    List<Long> wavering =
        LongStream.range(0, 500)
            .map(i -> i * 200_000 + random.nextInt(80_000) - 40_000 + 1_000_000)
            .boxed()
            .toList();

    assertThat(taken(5.0, wavering).size()).isGreaterThan(485);
  }

  /** Whatever the camera's rate, the taken rate is the one asked for, or the camera's. */
  @Property(tries = 200)
  void takes_anyRates_keepsTheAverage(
      @ForAll @DoubleRange(min = 0.5, max = 60) double rate,
      @ForAll @DoubleRange(min = 1, max = 60) double camera,
      @ForAll @LongRange(min = 0, max = 1_000_000_000_000L) long offset) {
    List<Long> times = grid(camera, offset, 1_000);
    double expected = Math.min(1, rate / camera) * 1_000;

    assertThat((double) taken(rate, times).size()).isBetween(expected * 0.98 - 2, expected + 2);
  }

  private static List<Long> grid(double rate, long offset, int count) {
    return LongStream.range(0, count)
        .map(i -> offset + Math.round(i * 1e6 / rate))
        .boxed()
        .toList();
  }

  private static List<Long> taken(Double rate, List<Long> times) {
    FrameSampler sampler = new FrameSampler(rate);
    return times.stream().filter(sampler::takes).toList();
  }
}
