package io.boostnet.training.cut;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.boostnet.training.input.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PreprocessingsTest {

  @TempDir Path temp;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "keras-caffe:224 | {'height': 224, 'channelOrder': 'BGR', 'scale': 1, 'mean': [103.939, 116.779, 123.68]}",
        "keras:96        | {'height': 96, 'width': 96, 'scale': 1, 'mean': 127.5, 'std': [127.5]}",
        "plain:32        | {'preprocessing': {'height': 32}}"
      })
  void file_withTheFieldsOfAPreset_isThePreset(String preset, String json) throws IOException {
    assertThat(of(json)).isEqualTo(Preprocessings.of(preset));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'height': 32, 'resize': 'LETTERBOX'}     | LETTERBOX | STRETCH or SHORT_SIDE_CROP",
        "{'height': 32, 'letterbox': true}         | letterbox | it may have",
        "{'height': 32, 'channelOrder': 'GRAY'}    | GRAY      | RGB or BGR",
        "{'height': 32, 'interpolation': 'NEAREST'}| NEAREST   | BICUBIC",
        "{'height'                                 | not JSON  | preprocessing.json"
      })
  void file_thatCannotBeServed_isRefusedWithWhatCan(String json, String value, String remedy) {
    assertThatThrownBy(() -> of(json))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining(value)
        .hasMessageContaining(remedy);
  }

  @ParameterizedTest
  @ValueSource(strings = {"letterbox", "keras", "none.json"})
  void name_thatIsNone_isRefusedWithWhatThereIs(String name) {
    assertThatThrownBy(() -> Preprocessings.of(name))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining(name);
  }

  @Test
  void file_withoutASize_isRefused() {
    assertThatThrownBy(() -> of("{'mean': 0.5}"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("0");
  }

  private Preprocessings of(String json) throws IOException {
    Path file = temp.resolve("preprocessing.json");
    return Preprocessings.of(Files.writeString(file, json.replace('\'', '"')).toString());
  }
}
