package io.boostnet.jobs.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.boostnet.jobs.CommandResult;
import io.boostnet.jobs.Frames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "topics: {frames: 'pattern:gate-.*'}       | kafka.topics.frames is 'pattern:gate-.*', which is no single topic; name one with --topic.",
        "format: {frames: json, fields: {image: /picture}} | kafka.format.fields names fields of your own",
        "format: {frames: xml}                     | kafka.format.frames is 'xml'",
      })
  void config_thatNoLoadCanFollow_isRefused(String kafka, String expected, @TempDir Path directory)
      throws IOException {
    Path job =
        Files.writeString(
            directory.resolve("serve.yaml"),
            "kafka:\n  bootstrapServers: localhost:1\n  " + kafka + "\n");
    Path frames = Frames.write(directory.resolve("f.avro"), List.of(Frames.noise("c", 0)));

    CommandResult result = CommandResult.of("load", "--config", job, "--frames", frames);

    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).startsWith("boostnet: ").contains(expected);
  }

  @Test
  void brokers_thatAreNotSaid_areAskedFor() {
    CommandResult result = CommandResult.of("load", "--frames", "none.avro");

    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err())
        .isEqualTo(
            "boostnet: No brokers are given; use --bootstrap-servers host:port, or --config with"
                + " the job's YAML file."
                + System.lineSeparator());
  }

  private static LoadPlan plan(String... words) {
    LoadCommand command = new LoadCommand();
    List<String> arguments =
        new ArrayList<>(List.of("--bootstrap", "localhost:1", "--frames", "none.avro"));
    arguments.addAll(List.of(words));
    new CommandLine(command)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .parseArgs(arguments.toArray(String[]::new));
    return command.plan("frames");
  }
}
