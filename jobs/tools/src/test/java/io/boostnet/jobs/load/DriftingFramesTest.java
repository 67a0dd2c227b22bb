package io.boostnet.jobs.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.boostnet.jobs.Frames;
import io.boostnet.jobs.config.ConfigException;
import io.boostnet.jobs.load.StreamDrift.Start;
import io.boostnet.schema.ImageFrame;
import java.nio.file.Path;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DriftingFramesTest {

  @TempDir Path directory;
  private Path file;

  /** Forty frames of four classes in turn. */
  @BeforeEach
  void write() {
    file =
        Frames.write(
            directory.resolve("frames.avro"),
            LongStream.range(0, 40)
                .mapToObj(
                    i -> ImageFrame.newBuilder(Frames.frame("a", i)).setLabel((int) i % 4).build())
                .toList());
  }

  @Test
  void corruption_fromASecondOn_leavesTheFramesBeforeAlone() {
    StreamDrift drift =
        new StreamDrift(Corruption.parse("noise:3"), Start.parse("2.5s"), null, Start.AT_ONCE, 1);
    try (DriftingFrames drifting = new DriftingFrames(file, drift);
        LoopedFrames clean = new LoopedFrames(file)) {
      for (long index = 0; index < 60; index++) {
        ImageFrame frame = drifting.next(index, index / 10.0);
        ImageFrame original = clean.next();
        assertThat(frame.getSequence()).isEqualTo(original.getSequence());
        assertThat(frame.getImage().equals(original.getImage())).isEqualTo(index < 25);
      }
    }
  }

  @Test
  void classMix_fromAFrameOn_hasTheSharesOfItsWeights() {
    StreamDrift drift =
        new StreamDrift(null, Start.AT_ONCE, ClassMix.parse("0:3,1:1"), Start.parse("40"), 1);
    long[] counts = new long[4];
    long last = -1;
    try (DriftingFrames drifting = new DriftingFrames(file, drift)) {
      for (long index = 0; index < 4040; index++) {
        ImageFrame frame = drifting.next(index, 0);
        assertThat(frame.getSequence()).isGreaterThan(last);
        last = frame.getSequence();
        if (index < 40) {
          assertThat(frame.getLabel()).isEqualTo((int) index % 4);
        } else {
          counts[frame.getLabel()]++;
        }
      }
    }
    assertThat(counts[0] / 4000.0).isEqualTo(0.75, within(0.03));
    assertThat(counts[1] / 4000.0).isEqualTo(0.25, within(0.03));
  }

  @Test
  void classMix_classThatTheFileLacks_isNamed() {
    StreamDrift drift =
        new StreamDrift(null, Start.AT_ONCE, ClassMix.parse("9:1"), Start.AT_ONCE, 1);
    try (DriftingFrames drifting = new DriftingFrames(file, drift)) {
      assertThatThrownBy(() -> drifting.next(0, 0))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("9=1.0");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "s", "-1", "-1s", "1.5", "ten", "NaNs"})
  void start_otherText_saysWhatIsNeeded(String text) {
    assertThatThrownBy(() -> Start.parse(text)).hasMessageContaining("as 10000");
  }
}
