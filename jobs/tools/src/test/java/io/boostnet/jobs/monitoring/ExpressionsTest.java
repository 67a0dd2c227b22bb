package io.boostnet.jobs.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExpressionsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "sum by (a, b) (rate(x_total[5m])) / 1000 | [x_total]",
        "x{l=\"v\", m=~\"and.*\"} > 1.5e3 and y:rate1m unless on (l) z | [x{l=\"v\", m=~\"and.*\"}, y:rate1m, z]",
        "x / ignoring (s) group_left () sum without (s) (y) | [x, y]",
        "avg_over_time(a:b[10m]) > 1.1 * avg_over_time(c:d[10m]) | [a:b, c:d]",
        "count(ALERTS{x=\"y\"}) or vector(0) | []"
      })
  void selectors_areTheSeriesThatAnExpressionReads(String expression, String expected) {
    assertThat(new Expressions.Expression("", expression, false).selectors().toString())
        .isEqualTo(expected);
  }
}
