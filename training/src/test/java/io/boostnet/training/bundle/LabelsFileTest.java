package io.boostnet.training.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.boostnet.training.input.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** {@code --labels}, in the forms that classes are named in. */
class LabelsFileTest {

  @TempDir Path temp;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "labels.txt  | stop\\r\\ngive way\\r\\n\\r\\n",
        "labels.json | ['stop', 'give way']",
        "labels.json | {'1': 'give way', '0': 'stop'}",
        "config.json | {'model_type': 'vit', 'id2label': {'0': 'stop', '1': 'give way'}}"
      })
  void labels_inEveryForm_areInTheirOrder(String name, String text) throws IOException {
    assertThat(labels(name, text)).containsExactly("stop", "give way");
  }

  @Test
  void id2label_ofMoreThanTen_isInTheOrderOfItsNumbers() throws IOException {
    List<String> names = IntStream.range(0, 12).mapToObj(i -> "class " + i).toList();
    String sorted =
        IntStream.range(0, 12)
            .mapToObj(i -> "'%d': 'class %d'".formatted(i, i))
            .sorted()
            .collect(Collectors.joining(", "));

    assertThat(labels("config.json", "{'id2label': {" + sorted + "}}")).isEqualTo(names);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'id2label': {'0': 'stop', '2': 'give way'}} | names no class 1",
        "{'model_type': 'vit'}                        | the keys 0 to 0",
        "[['stop']]                                   | names no class 0",
        "['stop'                                      | cannot be read"
      })
  void labels_thatNameNotEveryClass_areRefused(String text, String reason) {
    assertThatThrownBy(() -> labels("config.json", text))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("config.json")
        .hasMessageContaining(reason);
  }

  @Test
  void labels_ofNoFile_areRefusedByName() {
    BundleTarget target = CommandLine.populateCommand(new BundleTarget(), "--labels", "none.txt");

    assertThatThrownBy(target::labels)
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("none.txt");
  }

  private List<String> labels(String name, String text) throws IOException {
    String written = text.replace('\'', '"').replace("\\r\\n", "\r\n");
    Path file = Files.writeString(temp.resolve(name), written);
    return CommandLine.populateCommand(new BundleTarget(), "--labels", file.toString())
        .labels()
        .orElseThrow();
  }
}
