package io.boostnet.flink.track;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.boostnet.flink.model.Preprocessing;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BlockMeansTest {

  private static Preprocessing square(int side) {
    return new Preprocessing(
        side,
        side,
        Preprocessing.ChannelOrder.RGB,
        1 / 255.0,
        List.of(0.5, 0.4, 0.3),
        List.of(0.2, 0.25, 0.3),
        Preprocessing.Resize.STRETCH,
        0,
        Preprocessing.Interpolation.AREA);
  }

  /** A tensor of pixels of 0..255, as the decoder makes it. */
  private static ByteBuffer tensor(Preprocessing like, int[] pixels) {
    ByteBuffer tensor = ByteBuffer.allocateDirect(4 * pixels.length).order(ByteOrder.nativeOrder());
    int plane = like.height() * like.width();
    for (int i = 0; i < pixels.length; i++) {
      int channel = i / plane;
      double value =
          (pixels[i] * like.scale() - like.mean().get(channel)) / like.std().get(channel);
      tensor.putFloat(4 * i, (float) value);
    }
    return tensor;
  }

  private static int[] grey(int side) {
    int[] pixels = new int[3 * side * side];
    java.util.Arrays.fill(pixels, 100);
    return pixels;
  }

  @ParameterizedTest
  @ValueSource(ints = {8, 30, 32, 48, 224})
  void aBlockThatIsBrighter_differsByAsManyLevels(int side) {
    Preprocessing like = square(side);
    BlockMeans means = new BlockMeans(like);
    int[] changed = grey(side);
    int block = Math.max(4, (side + 15) / 16);
    for (int y = 0; y < block; y++) {
      for (int x = 0; x < block; x++) {
        changed[y * side + x] += 20;
      }
    }
    double difference =
        BlockMeans.difference(means.of(tensor(like, grey(side))), means.of(tensor(like, changed)));

    assertThat(difference).isCloseTo(20, within(0.01));
  }

  @ParameterizedTest
  @ValueSource(ints = {32, 48, 224})
  void noiseOfPixels_isSmallInBlocks(int side) {
    Preprocessing like = square(side);
    BlockMeans means = new BlockMeans(like);
    Random random = new Random(side);
    int[] noisy = grey(side);
    for (int i = 0; i < noisy.length; i++) {
      noisy[i] += (int) Math.round(3 * random.nextGaussian());
    }
    double difference =
        BlockMeans.difference(means.of(tensor(like, grey(side))), means.of(tensor(like, noisy)));

    assertThat(difference).isLessThan(5);
  }
}
