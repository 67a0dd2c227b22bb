package io.boostnet.jobs.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.boostnet.jobs.config.ConfigException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class LabelSetTest {

  private static final Path FRAMES = Path.of("frames.avro");

  @Test
  void otherNumberOfClasses_isRefusedWithBoth() {
    assertThatThrownBy(() -> new LabelSet(List.of("apple", "bee"), List.of("00"), FRAMES))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("of 1 classes (00 ...), those of the bundle of 2 (apple ...)");
  }

  @Test
  void otherNames_areTold_sameNamesAndNoneAreNot() {
    List<String> classes = List.of("apple", "bee", "camel");
    assertThat(new LabelSet(classes, List.of("apple", "camel", "bee"), FRAMES).differences())
        .hasValueSatisfying(
            text ->
                assertThat(text).contains("2 of 3 classes", "class 1 is 'camel' there and 'bee'"));
    assertThat(new LabelSet(classes, classes, FRAMES).differences()).isEmpty();
    assertThat(new LabelSet(classes, List.of(), FRAMES).differences()).isEmpty();
  }
}
