package io.boostnet.flink.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrioritiesTest {

  private static final Priorities SITE =
      Priorities.parse(List.of("entrance/door=8:0.6", "entrance/*=4", "yard=0.5"));

  @ParameterizedTest
  @CsvSource({"entrance/door,0", "entrance/gate,1", "entrance/,1", "entrance,3", "yard,2", "'',3"})
  void of_source_isTheFirstThatNamesIt(String source, int entry) {
    assertThat(SITE.of(source)).isEqualTo(entry);
  }

  /** The library's regular expressions say what a star means. */
  @Property(tries = 2000)
  void of_anyPattern_isAsTheRegularExpressionSays(
      @ForAll @Chars({'a', 'b', '*'}) @StringLength(min = 1, max = 6) String pattern,
      @ForAll @CharRange(from = 'a', to = 'b') @StringLength(max = 8) String source) {
    String regex =
        Stream.of(pattern.split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining(".*"));

    assertThat(Priorities.parse(List.of(pattern + "=2")).of(source) == 0)
        .isEqualTo(source.matches(regex));
  }

  @Test
  void parse_weightAndFloor_areTheNumbersBehindTheLastSign() {
    assertThat(SITE.entries().get(0)).isEqualTo(new Priorities.Entry("entrance/door", 8, 0.6));
    assertThat(Priorities.parse(List.of("a=b=3")).entries().get(0).sources()).isEqualTo("a=b");
    assertThat(SITE.names()).containsExactly("entrance/door", "entrance/*", "yard", "others");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "entrance | PATTERN=WEIGHT",
        "=4 | names no sources",
        "entrance=much | PATTERN=WEIGHT",
        "entrance=4:low | PATTERN=WEIGHT",
        "entrance=0 | a weight of 0.01 to 100",
        "entrance=NaN | a weight of 0.01 to 100",
        "entrance=4:1.5 | 0 to 1",
        "others=4 | names the source others, as metrics call the sources that no entry names"
      })
  void parse_nonsense_isRefusedInASentence(String text, String said) {
    assertThatThrownBy(() -> Priorities.parse(List.of(text)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(said);
  }

  @Test
  void parse_moreThanHaveMetrics_isRefused() {
    assertThatThrownBy(() -> Priorities.parse(Collections.nCopies(33, "a=1")))
        .hasMessageContaining("at most 32");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "gate=4,gate=2 | priority of gate is given twice; leave one out",
        "gate=4,*=2,yard=3 | priority of yard stands behind *, which names all these sources",
        "**=2,*=3:0.5 | priority of * stands behind **, which names all these sources",
        "a*=2,ab*c=3 | priority of ab*c stands behind a*, which names all these sources"
      })
  void parse_entryThatNeverHolds_isRefused(String texts, String said) {
    assertThatThrownBy(() -> Priorities.parse(List.of(texts.split(","))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(said);
  }

  @Test
  void toString_saysAllThatDecides() {
    assertThat(SITE)
        .hasToString("priorities entrance/door=8.0:0.6, entrance/*=4.0:0.0, yard=0.5:0.0");
  }

  @Test
  void leastFloor_onlyWhereEverySourceHasOne() {
    assertThat(SITE.leastFloor()).isZero();
    assertThat(Priorities.parse(List.of("a=1:0.7", "*=1:0.6")).leastFloor()).isEqualTo(0.6);
    assertThat(Priorities.parse(List.of("**=1:0.6")).leastFloor()).isEqualTo(0.6);
    assertThat(Priorities.parse(List.of("a=1", "*=1:0.6")).leastFloor()).isZero();
  }
}
