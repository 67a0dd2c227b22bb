package io.boostnet.jobs.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.boostnet.jobs.CommandResult;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class LoadCommandTest {

  @Test
  void phases_withoutSeconds_arePublishedToTheirEnd() {
    assertThat(plan("--profile", "phases", "--phases", "120:200,30:320").count())
        .isEqualTo(120 * 200 + 30 * 320);
    assertThat(plan("--profile", "phases", "--phases", "120:200", "--seconds", "5").count())
        .isEqualTo(5 * 200);
    assertThat(plan("--rate", "50").count()).isEqualTo(60 * 50);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--phases 120:200                        | --phases is 120:200, which profile STEADY",
        "--peak 5                                | --peak is 5.0, which profile STEADY",
        "--period 5                              | --period is 5.0, which profile STEADY",
        "--profile ramp --burst 5                | --burst is 5.0, which profile RAMP",
        "--profile phases --phases 1:2 --rate 5  | --rate is 5.0, which profile PHASES",
      })
  void option_thatTheProfileDoesNotUse_isRefused(String words, String expected) {
    List<Object> arguments =
        new ArrayList<>(List.of("load", "--bootstrap", "localhost:1", "--frames", "none.avro"));
    arguments.addAll(List.of(words.split(" ")));

    CommandResult result = CommandResult.of(arguments.toArray());

    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).startsWith("boostnet: ").contains(expected);
  }

  private static LoadPlan plan(String... words) {
    LoadCommand command = new LoadCommand();
    List<String> arguments =
        new ArrayList<>(List.of("--bootstrap", "localhost:1", "--frames", "none.avro"));
    arguments.addAll(List.of(words));
    new CommandLine(command)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .parseArgs(arguments.toArray(String[]::new));
    return command.plan();
  }
}
