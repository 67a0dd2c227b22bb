package io.boostnet.training.frames;

import static org.assertj.core.api.Assertions.assertThat;

import io.boostnet.training.Main;
import io.boostnet.training.data.DataFixtures;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FramesCommandTest {

  @TempDir Path temp;

  @Test
  void frames_ofCifar_arePngWithLabelAndGaplessSequence() throws IOException {
    Path data = DataFixtures.cifar100(temp.resolve("cifar"), 12, 9);
    Path file = temp.resolve("test.avro");
    int exit =
        Main.run("frames", data.toString(), "-o", file.toString(), "--limit", "4", "--rate", "10");

    assertThat(exit).isZero();
    List<Frame> frames = read(file);
    assertThat(frames).hasSize(4).extracting(Frame::sequence).containsExactly(0L, 1L, 2L, 3L);
    assertThat(frames).extracting(Frame::sourceId).containsOnly("cifar100-test");
    assertThat(frames).extracting(Frame::contentType).containsOnly("image/png");
    assertThat(frames).allMatch(frame -> frame.label() >= 0 && frame.label() < 3);
    assertThat(frames.get(3).timestampMs() - frames.get(0).timestampMs()).isEqualTo(300);
  }

  @Test
  void frames_spread_areDealtOverSourcesInTurn_eachGapless() throws IOException {
    Path data = DataFixtures.cifar100(temp.resolve("cifar"), 12, 9);
    Path file = temp.resolve("test.avro");
    int exit =
        Main.run("frames", data.toString(), "-o", file.toString(), "--limit", "5", "--spread", "2");

    assertThat(exit).isZero();
    assertThat(read(file))
        .extracting(frame -> frame.sourceId() + " " + frame.sequence())
        .containsExactly(
            "cifar100-test-1 0",
            "cifar100-test-2 0",
            "cifar100-test-1 1",
            "cifar100-test-2 1",
            "cifar100-test-1 2");
  }

  @Test
  void frames_ofTracks_areWholeTracksWithTheOriginalBytes() throws IOException {
    Path data = DataFixtures.tracks(temp.resolve("signs"), List.of(6, 6), 5, 9, 9);
    Path file = temp.resolve("tracks.avro");
    int exit =
        Main.run(
            "frames", data.toString(), "-o", file.toString(), "--split", "train", "--sources", "3");

    assertThat(exit).isZero();
    Map<String, List<Frame>> tracks =
        read(file).stream().collect(Collectors.groupingBy(Frame::sourceId));
    assertThat(tracks).hasSize(3);
    for (Map.Entry<String, List<Frame>> track : tracks.entrySet()) {
      assertThat(track.getValue()).extracting(Frame::sequence).containsExactly(0L, 1L, 2L, 3L, 4L);
      Path original = data.resolve(track.getKey() + "_00004.png");
      assertThat(track.getValue().get(4).image()).isEqualTo(Files.readAllBytes(original));
    }
  }

  @Test
  void frames_badInput_endsWithCode2AndLeavesNoFile() throws IOException {
    Path file = temp.resolve("out.avro");
    assertThat(Main.run("frames", temp.resolve("none").toString(), "-o", file.toString()))
        .isEqualTo(2);
    assertThat(Main.run("frames", temp.toString(), "-o", file.toString(), "--no-such-option"))
        .isEqualTo(2);

    Path data = DataFixtures.tracks(temp.resolve("signs"), List.of(1, 1), 2, 8, 8);
    Path damaged = data.resolve("01/00000_00001.png");
    Files.write(damaged, new byte[0]);
    assertThat(Main.run("frames", data.toString(), "-o", file.toString(), "--split", "train"))
        .isEqualTo(2);
    try (var children = Files.list(temp)) {
      assertThat(children).containsExactly(data);
    }
  }

  private static List<Frame> read(Path file) throws IOException {
    List<Frame> frames = new ArrayList<>();
    try (DataFileReader<GenericRecord> reader =
        new DataFileReader<>(file.toFile(), new GenericDatumReader<>())) {
      for (GenericRecord record : reader) {
        frames.add(
            new Frame(
                record.get("sourceId").toString(),
                (long) record.get("sequence"),
                (long) record.get("timestampMs"),
                record.get("contentType").toString(),
                ((ByteBuffer) record.get("image")).array(),
                (int) record.get("label")));
      }
    }
    return frames;
  }

  private record Frame(
      String sourceId,
      long sequence,
      long timestampMs,
      String contentType,
      byte[] image,
      int label) {}
}
