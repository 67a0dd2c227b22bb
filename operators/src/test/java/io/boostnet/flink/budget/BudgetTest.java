package io.boostnet.flink.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BudgetTest {

  @Test
  void text_givesTheBudgetItSays() {
    assertThat(Budget.parse("fixed:0.55")).isEqualTo(Budget.fixed(0.55));
    assertThat(Budget.parse("keep-up")).isEqualTo(Budget.keepUp());
    assertThat(Budget.parse(" keep-up:0.25-0.8 ")).isEqualTo(Budget.keepUp().between(0.25, 0.8));
    assertThat(Budget.parse("deadline:200ms")).isEqualTo(Budget.deadline(Duration.ofMillis(200)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"fixed:0.55", "keep-up:0.25-0.8", "deadline:200ms"})
  void words_areThoseThatAreRead(String text) {
    assertThat(Budget.parse(text).words()).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "fixed",
        "fixed:",
        "fixed:a",
        "keep-up:0.2",
        "deadline:2s",
        "fixed:1.2.3",
        "fixed:.",
        "cheap"
      })
  void otherText_isRefusedWithWhatIsAllowed(String text) {
    assertThatThrownBy(() -> Budget.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("budget is \"" + text + "\"; fixed:<share>, keep-up");
  }

  @ParameterizedTest
  @ValueSource(strings = {"fixed:0", "fixed:1.5", "keep-up:0.8-0.2", "deadline:0ms"})
  void valuesOutOfRange_areRefused(String text) {
    assertThatThrownBy(() -> Budget.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void timesUnderAMillisecond_areRefused() {
    Duration tooShort = Duration.ofNanos(999_999);
    assertThatThrownBy(() -> Budget.deadline(tooShort))
        .hasMessage("budget is deadline:0ms; at least 1 ms is needed");
    assertThatThrownBy(() -> Budget.keepUp().drainingWithin(tooShort))
        .hasMessage("drain time is PT0.000999999S; at least 1 ms is needed");
  }
}
