package io.boostnet.jobs.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SoakReportTest {

  private static List<SoakReport.Point> points(double residentPerMinute, double rate) {
    List<SoakReport.Point> points = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      double minute = i / 2.0;
      double warmingUp = Math.max(0, 5 - minute) * -40;
      double noise = i % 2;
      points.add(
          new SoakReport.Point(
              minute,
              rate,
              new SoakSample(
                  900 + warmingUp + noise + residentPerMinute * minute,
                  60 + noise,
                  80,
                  70,
                  1,
                  140,
                  4,
                  88,
                  158)));
    }
    return points;
  }

  private static List<SoakReport.Verdict> failures(double residentPerMinute, double rate) {
    return SoakReport.judge(points(residentPerMinute, rate), 5, 100).stream()
        .filter(verdict -> !verdict.passed())
        .toList();
  }

  @Test
  void slope_isThatOfTheLeastSquaresLine() {
    List<SoakReport.Point> judged =
        points(1.5, 100).stream().filter(point -> point.minute() >= 5).toList();
    assertThat(SoakReport.slope(judged, point -> point.held().residentMegabytes()))
        .isCloseTo(1.5, within(0.01));
  }

  @Test
  void flatRun_passes_andTheWarmUpDoesNotCount() {
    assertThat(failures(0.2, 100)).isEmpty();
  }

  @Test
  void growingMemory_fails() {
    assertThat(failures(1.5, 100))
        .extracting(SoakReport.Verdict::figure)
        .containsExactly("resident memory, MB per minute");
  }

  @Test
  void loadThatIsNotServed_fails() {
    assertThat(failures(0.2, 90))
        .extracting(SoakReport.Verdict::figure)
        .containsExactly("outcomes per second, at least");
  }
}
