package io.boostnet.training.frames;

import static org.assertj.core.api.Assertions.assertThat;

import io.boostnet.image.contract.ImageContract;
import io.boostnet.training.Main;
import io.boostnet.training.data.DataFixtures;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FramesCommandTest {

  @TempDir Path temp;

  @Test
  void frames_ofCifar_arePngWithLabelAndGaplessSequence() throws IOException {
    List<Frame> frames = frames(cifar(), "--limit", "4", "--rate", "10", "--spread", "1");

    assertThat(frames).hasSize(4).extracting(Frame::sequence).containsExactly(0L, 1L, 2L, 3L);
    assertThat(frames).extracting(Frame::sourceId).containsOnly("cifar100-test");
    assertThat(frames).extracting(Frame::contentType).containsOnly("image/png");
    assertThat(frames).allMatch(frame -> frame.label() >= 0 && frame.label() < 3);
    assertThat(frames.get(3).timestampMs() - frames.get(0).timestampMs()).isEqualTo(300);
  }

  @Test
  void frames_spread_areDealtOverSourcesInTurn_eachGapless() throws IOException {
    assertThat(frames(cifar(), "--limit", "5", "--spread", "2"))
        .extracting(frame -> frame.sourceId() + " " + frame.sequence())
        .containsExactly(
            "cifar100-test-1 0",
            "cifar100-test-2 0",
            "cifar100-test-1 1",
            "cifar100-test-2 1",
            "cifar100-test-1 2");
  }

  @Test
  void frames_ofClassFolders_areShuffledBySeedAndSpread_orKeepTheirOrder() throws IOException {
    Path data = DataFixtures.tracks(temp.resolve("folders"), List.of(40, 40, 40), 1, 4, 4);
    String[] all = {"--layout", "IMAGES", "--split", "train", "--test-share", "0"};
    List<Frame> shuffled = frames(data, all);

    assertThat(shuffled).hasSize(108);
    assertThat(shuffled.stream().map(Frame::sourceId).distinct()).hasSize(16);
    for (int quarter = 0; quarter < 4; quarter++) {
      assertThat(shuffled.subList(27 * quarter, 27 * (quarter + 1)))
          .extracting(Frame::label)
          .as("quarter %d has all classes", quarter)
          .contains(0, 1, 2);
    }
    assertThat(frames(data, with(all, "--seed", "1"))).isEqualTo(shuffled);
    assertThat(frames(data, with(all, "--seed", "2"))).isNotEqualTo(shuffled);

    List<Frame> kept = frames(data, with(all, "--order", "data_set"));
    assertThat(kept).extracting(Frame::label).isSorted();
    assertThat(kept).extracting(Frame::sourceId).containsOnly("folders");
    assertThat(kept).extracting(Frame::digest).hasSameElementsAs(digests(shuffled));
  }

  @Test
  void frames_ofTracks_shuffleWholeTracks() throws IOException {
    Path data = DataFixtures.tracks(temp.resolve("signs"), List.of(9, 9, 9), 4, 4, 4);
    List<Frame> frames = frames(data, "--split", "train");

    for (int i = 0; i < frames.size(); i++) {
      assertThat(frames.get(i).sourceId()).isEqualTo(frames.get(i - i % 4).sourceId());
      assertThat(frames.get(i).sequence()).isEqualTo(i % 4);
    }
    assertThat(frames.subList(0, frames.size() / 2))
        .extracting(Frame::label)
        .as("the first half has all classes")
        .contains(0, 1, 2);
  }

  @Test
  void frames_ofAFolderWithoutClasses_areInNameOrderWithoutLabels() throws IOException {
    Path data = Files.createDirectories(temp.resolve("road"));
    for (String name : List.of("0003.jpg", "0001.jpg", "0002.jpg", ".0000.jpg")) {
      Files.write(data.resolve(name), ImageContract.picture("00-ref-arrow.jpg"));
    }
    Files.write(data.resolve("0004.jpg"), ImageContract.picture("13-junk-between-segments.jpg"));
    List<Frame> frames = frames(data);

    assertThat(frames).hasSize(4).extracting(Frame::label).containsOnlyNulls();
    assertThat(frames).extracting(Frame::sequence).containsExactly(0L, 1L, 2L, 3L);
    assertThat(frames.get(3).image())
        .isEqualTo(ImageContract.picture("13-junk-between-segments.jpg"));
    assertThat(
            Main.run(
                "frames", data.toString(), "-o", temp.resolve("x").toString(), "--split", "TEST"))
        .isEqualTo(2);
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
    Files.write(damaged, ImageContract.picture("30-a.webp"));
    assertThat(Main.run("frames", data.toString(), "-o", file.toString(), "--split", "train"))
        .isEqualTo(2);
    try (var children = Files.list(temp)) {
      assertThat(children).containsExactly(data);
    }
  }

  private Path cifar() throws IOException {
    return DataFixtures.cifar100(temp.resolve("cifar"), 12, 9);
  }

  private List<Frame> frames(Path data, String... options) throws IOException {
    Path file = temp.resolve("frames.avro");
    String[] command =
        with(new String[] {"frames", data.toString(), "-o", file.toString()}, options);
    assertThat(Main.run(command)).isZero();
    return read(file);
  }

  private static String[] with(String[] some, String... more) {
    return Stream.concat(Arrays.stream(some), Arrays.stream(more)).toArray(String[]::new);
  }

  private static List<Integer> digests(List<Frame> frames) {
    return frames.stream().map(Frame::digest).toList();
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
                (Integer) record.get("label")));
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
      Integer label) {

    int digest() {
      return Arrays.hashCode(image);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Frame frame
          && sourceId.equals(frame.sourceId)
          && sequence == frame.sequence
          && digest() == frame.digest();
    }

    @Override
    public int hashCode() {
      return digest();
    }
  }
}
