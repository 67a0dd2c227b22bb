package io.boostnet.jobs.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClassMixTest {

  @Test
  void parse_weights_areThoseOfTheirClasses() {
    ClassMix mix = ClassMix.parse("3:4, 7:0.5,*:1");

    assertThat(mix.weight(3)).isEqualTo(4);
    assertThat(mix.weight(7)).isEqualTo(0.5);
    assertThat(mix.weight(8)).isEqualTo(1);
    assertThat(mix.largest()).isEqualTo(4);
    assertThat(ClassMix.parse("3:4").weight(8)).isZero();
    assertThat(ClassMix.only(Set.of(1, 2))).isEqualTo(ClassMix.parse("1:1,2:1"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "3", "3:", "a:1", "3:1,,4:1", "3:1:2"})
  void parse_otherText_saysWhatIsNeeded(String text) {
    assertThatThrownBy(() -> ClassMix.parse(text))
        .hasMessageContaining("class:weight pairs are needed");
  }

  @ParameterizedTest
  @ValueSource(strings = {"3:0", "3:-1,4:2", "3:NaN"})
  void parse_badWeight_isNamed(String text) {
    assertThatThrownBy(() -> ClassMix.parse(text)).hasMessageContaining("each must be at least 0");
  }
}
