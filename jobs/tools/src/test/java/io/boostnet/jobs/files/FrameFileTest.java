package io.boostnet.jobs.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.boostnet.jobs.Frames;
import io.boostnet.jobs.config.ConfigException;
import io.boostnet.schema.ImageFrame;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FrameFileTest {

  @TempDir Path directory;

  @Test
  void count_manyBlocks_isTheNumberOfFrames() {
    Path file =
        Frames.write(
            directory.resolve("frames.avro"),
            LongStream.range(0, 100).mapToObj(i -> Frames.frame("a", i)).toList());
    assertThat(FrameFile.count(file)).isEqualTo(100);
  }

  @Test
  void open_missingFile_namesIt() {
    Path missing = directory.resolve("missing.avro");
    assertThatThrownBy(() -> FrameFile.open(missing))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(missing.toString());
  }

  @Test
  void open_noAvro_saysSo() throws IOException {
    Path text = Files.writeString(directory.resolve("frames.avro"), "no frames");
    assertThatThrownBy(() -> FrameFile.open(text))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("not an Avro container");
  }

  @Test
  void open_noFrames_saysSo() {
    Path empty = Frames.write(directory.resolve("frames.avro"), List.of());
    assertThatThrownBy(() -> FrameFile.open(empty))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("holds no frame");
  }

  @Test
  void requireLabels_namesTheFirstFrameWithout() {
    ImageFrame labelled = Frames.frame("gate", 0);
    labelled.setLabel(3);
    Path all = Frames.write(directory.resolve("all.avro"), List.of(labelled));
    Path some =
        Frames.write(directory.resolve("some.avro"), List.of(labelled, Frames.frame("yard", 7)));

    assertThatCode(() -> FrameFile.requireLabels(all)).doesNotThrowAnyException();
    assertThatThrownBy(() -> FrameFile.requireLabels(some))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(some + " has no label at frame 7 of source yard")
        .hasMessageContaining("boostnet frames");
  }

  @Test
  void count_cutFile_saysSo() throws IOException {
    Path file =
        Frames.write(
            directory.resolve("frames.avro"),
            LongStream.range(0, 100).mapToObj(i -> Frames.frame("a", i)).toList());
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(whole, whole.length - 100));
    assertThatThrownBy(
            () -> {
              try (FrameFile frames = FrameFile.open(file)) {
                while (frames.hasNext()) {
                  frames.next();
                }
              }
            })
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("cut or damaged");
  }
}
