package io.boostnet.jobs.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ZonePlaceTest {

  private static Headers headers(byte[] value) {
    return new RecordHeaders().add(ZonePlace.HEADER, value);
  }

  @Test
  void place_isReadAsItWasWritten() {
    ZonePlace place = new ZonePlace(0, 40, 160, 999_999);

    assertThat(ZonePlace.of(headers(place.toBytes()))).contains(place);
    assertThat(ZonePlace.of(new RecordHeaders())).isEmpty();
    assertThat(ZonePlace.of(headers(null))).isEmpty();
  }

  @Test
  void place_whereDigitsAreOthers_isReadAsItWasWritten() {
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
    try {
      assertThat("%d".formatted(1)).as("digits of this machine").isNotEqualTo("1");
      assertThat(new ZonePlace(1, 2, 3, 4).toBytes()).asString().isEqualTo("1,2,3,4");
    } finally {
      Locale.setDefault(before);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "north", "1,2,3", "1,2,3,4,5", "1,2,0,4", "-1,2,3,4", "1,2,3,4444444"})
  void header_ofAnotherMeaning_isNoPlace(String value) {
    assertThat(ZonePlace.of(headers(value.getBytes(StandardCharsets.UTF_8)))).isEmpty();
  }
}
