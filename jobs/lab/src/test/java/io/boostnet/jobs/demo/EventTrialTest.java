package io.boostnet.jobs.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.boostnet.jobs.CommandResult;
import io.boostnet.jobs.Frames;
import io.boostnet.jobs.config.ConfigException;
import io.boostnet.jobs.lab.Main;
import io.boostnet.schema.ImageFrame;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Events of the labelled video, made of the shipped tracks, at equal cost. */
@Timeout(240)
class EventTrialTest {

  private static final Path SHIPPED = Path.of("demo");

  @TempDir Path directory;

  @Test
  void ways_spendTheSame_andTracksTellNoFewerChanges() throws Exception {
    Path report = directory.resolve("events.json");
    CommandResult result =
        CommandResult.of(
            Main.commandLine(),
            "bench",
            "events",
            "--bundle",
            SHIPPED.resolve("models/gtsrb-msdnet"),
            "--frames",
            SHIPPED.resolve("frames/gtsrb-tracks.avro"),
            "--mean-costs",
            "0.25",
            "--report",
            report);

    assertThat(result.err()).isEmpty();
    assertThat(result.code()).isZero();
    JsonNode sections = new ObjectMapper().readTree(report.toFile());
    assertThat(sections).hasSize(2);
    for (JsonNode section : sections) {
      for (JsonNode row : section.get("rows")) {
        assertThat(row.get("cost").asDouble()).as("%s", row).isBetween(0.24, 0.252);
        assertThat(row.get("changes").asInt()).isEqualTo(70);
      }
      JsonNode alone = section.get("rows").get(0);
      JsonNode skipping = section.get("rows").get(3);
      assertThat(alone.get("way").asText()).isEqualTo("frames alone");
      assertThat(skipping.get("way").asText()).isEqualTo("filter, skip 2, by objects");
      assertThat(skipping.get("recall").asDouble())
          .isGreaterThanOrEqualTo(alone.get("recall").asDouble());
      assertThat(skipping.get("delayP50").asLong()).isLessThan(alone.get("delayP50").asLong());
    }
    assertThat(accuracyAlone(sections.get(1)))
        .as("corrupted frames are harder")
        .isLessThan(accuracyAlone(sections.get(0)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "NaN", "3", "0.5,1.01"})
  void meanCost_thatIsNoShare_isRefused(String costs) {
    CommandResult result = events(SHIPPED.resolve("frames/gtsrb-tracks.avro"), costs);

    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).contains("--mean-costs has ", "above 0 to 1").hasLineCount(1);
  }

  @ParameterizedTest
  @CsvSource({
    "null null, has no label at frame 0 of source track-0",
    "1 null, has no label at frame 0 of source track-1",
    "1, has tracks of class 1 alone",
    "1 1, has tracks of class 1 alone"
  })
  void frames_ofWhichNoVideoCanBeMade_areRefused(String labels, String reason) {
    List<ImageFrame> frames = new ArrayList<>();
    for (String label : labels.split(" ")) {
      frames.add(frame("track-" + frames.size(), label.equals("null") ? null : 1));
    }
    Path file = Frames.write(directory.resolve("frames.avro"), frames);

    CommandResult result = events(file, "0.5");

    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).contains("--frames " + file, reason, "TRACKS").hasLineCount(1);
  }

  @Test
  void frames_withTwoLabelsInASource_areRefused() {
    Path file =
        Frames.write(directory.resolve("frames.avro"), List.of(frame("gate", 1), frame("gate", 2)));

    assertThatThrownBy(() -> SignTrack.read(file))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("has the labels 1 and 2 in source gate");
  }

  @Test
  void tracks_almostAllOfOneClass_areDealtWithoutTwoInARow() {
    List<SignTrack> tracks = new ArrayList<>(Collections.nCopies(30, new SignTrack(1, List.of())));
    tracks.add(new SignTrack(2, List.of()));

    for (List<SignTrack> zone : SignTrack.deal(tracks, 2, 15, new Random(7))) {
      List<Integer> labels = zone.stream().map(SignTrack::label).toList();
      assertThat(labels).hasSize(15);
      for (int i = 1; i < labels.size(); i++) {
        assertThat(labels.get(i)).isNotEqualTo(labels.get(i - 1));
      }
    }
  }

  private static ImageFrame frame(String source, Integer label) {
    ImageFrame frame = Frames.frame(source, 0, "image/png", new byte[1]);
    frame.setLabel(label);
    return frame;
  }

  private static CommandResult events(Path frames, String costs) {
    return CommandResult.of(
        Main.commandLine(),
        "bench",
        "events",
        "--bundle",
        SHIPPED.resolve("models/gtsrb-msdnet"),
        "--frames",
        frames,
        "--mean-costs=" + costs);
  }

  private static double accuracyAlone(JsonNode section) {
    return section.get("rows").get(0).get("accuracy").asDouble();
  }
}
