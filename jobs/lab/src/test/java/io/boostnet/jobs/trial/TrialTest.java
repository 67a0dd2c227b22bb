package io.boostnet.jobs.trial;

import static org.assertj.core.api.Assertions.assertThat;

import io.boostnet.jobs.CommandResult;
import io.boostnet.jobs.Frames;
import io.boostnet.jobs.TestBundle;
import io.boostnet.jobs.lab.Main;
import io.boostnet.jobs.run.RunReport;
import io.boostnet.schema.ImageFrame;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrialTest {

  @TempDir Path directory;

  /** Nothing is measured before: what is printed to the console then comes first. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "autoscaling --budget keepup       | budget is \"keepup\"; fixed:<share>, keep-up",
        "autoscaling --budget fixed:0.5    | budget is \"fixed:0.5\"; keep-up or keep-up:<least>",
        "autoscaling --budget keep-up:0.01-0.02 | the first exit of",
        "burst --budget keepup             | budget is \"keepup\"; fixed:<share>, keep-up",
        "burst --budget fixed:0.01         | the first exit of",
        "burst --scale 0                   | --scale is 0.0; it must be above 0",
        "burst --parallelism 0             | parallelism is 0; at least 1",
        "step --budget fixed:0.5           | budget is \"fixed:0.5\"; keep-up or keep-up:<least>",
        "step --parallelisms 1,0           | parallelism is 0; at least 1",
        "budget --share 0.5 --corrupt foo  | corruption is 'foo'; noise, blur",
        "budget --share 2                  | budget is fixed:2; the share must be above 0",
        "budget --share 0.01               | the first exit of",
        "budget --share 0.5 --rate 0       | --rate is 0.0; it must be above 0",
        "budget --share 0.5 --count 10     | --count is 10; at least 5000",
        "deadline --seconds 10             | --seconds is 10.0; more than the 10.0 s",
        "deadline --rate 0                 | --rate is 0.0; it must be above 0",
        "deadline --deadline-ms soon       | deadlines are 'soon'; give a span",
        "deadline --deadline-ms 50-30      | deadlines are 50 to 30 ms; a span from at least 0",
        "deadline --deadline-ms 0-0        | deadlines are 0 to 0 ms; a span from at least 0",
        "deadline --deadline-ms 31-53-99   | deadlines are '31-53-99'; give a span",
        "deadline --plot x.png             | Unknown option",
        "step --plot x.png                 | Unknown option",
        "step --parallelism 2              | Unknown option",
        "autoscaling --parallelism 2       | Unknown option",
      })
  void trial_badOption_isRefusedBeforeAnythingIsMeasured(String words, String expected) {
    ImageFrame frame = Frames.frame("a", 0);
    frame.setLabel(0);
    assertRefused(words, frame, expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "autoscaling",
        "burst",
        "step",
        "budget --share 0.5",
        "deadline",
        "tracks",
        "cameras",
        "report"
      })
  void framesWithoutLabels_areRefusedBeforeAnythingIsMeasured(String words) {
    assertRefused(words, Frames.frame("a", 0), "has no label at frame 0 of source a");
  }

  private void assertRefused(String words, ImageFrame frame, String expected) {
    Path frames = Frames.write(directory.resolve("frames.avro"), List.of(frame));
    List<Object> arguments = new ArrayList<>(List.of("bench"));
    arguments.addAll(List.of(words.split(" ")));
    arguments.addAll(List.of("--bundle", TestBundle.DIRECTORY, "--frames", frames));

    CommandResult result = CommandResult.of(Main.commandLine(), arguments.toArray());

    assertThat(result.code()).as(result.err()).isEqualTo(2);
    assertThat(result.err()).startsWith("boostnet: ").contains(expected);
    assertThat(result.out()).isEmpty();
  }

  @Test
  void exitCode_frameMissingOrDoubledInAnyRun_is1() {
    List<String> console = new ArrayList<>();
    Trial trial = new Trial("bundle", null, Path.of("frames.avro"), 1, console::add);

    assertThat(trial.exitCode(List.of(run(0, 0), run(0, 0)))).isZero();
    assertThat(console).isEmpty();
    assertThat(trial.exitCode(List.of(run(0, 0), run(2, 0)))).isEqualTo(1);
    assertThat(trial.exitCode(List.of(run(0, 3), run(0, 0)))).isEqualTo(1);
    assertThat(console)
        .containsExactly("FAILED: missing 2, doubled 0", "FAILED: missing 0, doubled 3");
  }

  @Test
  void saturated_jobThatKeepsUpWithTheFirstOffer_isOfferedMore() throws Exception {
    List<Double> offers = new ArrayList<>();

    double capacity =
        Trial.saturated(
            300,
            offered -> {
              offers.add(offered);
              return Math.min(offered, 1000);
            });

    assertThat(capacity).isEqualTo(1000);
    assertThat(offers)
        .hasSizeGreaterThan(1)
        .isSorted()
        .last()
        .satisfies(o -> assertThat(o).isGreaterThan(1100));
    assertThat(Trial.saturated(3000, offered -> 1000)).isEqualTo(1000);
  }

  private static Trial.Run run(long missing, long doubled) {
    return new Trial.Run(
        new RunReport(
            null, 10, 0, 10, 0, missing, doubled, List.of(), 0, 0, null, null, 0, 0, null, null,
            null),
        new Recording());
  }
}
