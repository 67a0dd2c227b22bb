package io.boostnet.flink.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** What a call at one size says of a call at another. */
class ServiceCurveTest {

  private static final ServiceCurve CURVE =
      new ServiceCurve(new int[] {1, 2, 4}, new long[] {100, 160, 240});

  @Test
  void shareOfCall_isThatOfTheTimesPerImage() {
    assertThat(CURVE.shareOfCallAt(1, 4)).isEqualTo(0.6);
    assertThat(CURVE.shareOfCallAt(2, 4)).isEqualTo(0.75);
    assertThat(CURVE.shareOfCallAt(4, 4)).isEqualTo(1);
  }

  @Test
  void shareOfCall_betweenTheSizes_isOnTheLine_andBeyondThemThatOfTheLargest() {
    assertThat(CURVE.shareOfCallAt(3, 4)).isCloseTo(0.9, within(1e-9));
    assertThat(CURVE.shareOfCallAt(1, 100)).isEqualTo(0.6);
    assertThat(CURVE.shareOfCallAt(100, 200)).isEqualTo(1);
  }

  @Property
  void shareOfCall_isNeverOverOne_whereLargerCallsAreSlower(
      @ForAll @IntRange(min = 1, max = 40) int rows, @ForAll @IntRange(max = 40) int more) {
    ServiceCurve slower = new ServiceCurve(new int[] {1, 2, 4}, new long[] {100, 250, 600});
    assertThat(slower.shareOfCallAt(rows, rows + more)).isEqualTo(1);
  }
}
