package io.boostnet.training.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class AugmentationTest {

  private static final int SIDE = 4;

  @Test
  void image_withoutBorderAndFlip_isUnchanged() {
    byte[] image = image();
    byte[] changed = new byte[image.length];

    new Augmentation(0, false).apply(image, changed, SIDE, SIDE, new SplittableRandom(1));

    assertThat(changed).isEqualTo(image);
  }

  @Test
  void images_withBorderAndFlip_areAllShiftsOfTheImageAndItsMirror() {
    Set<String> expected = new HashSet<>();
    for (int down = -1; down <= 1; down++) {
      for (int right = -1; right <= 1; right++) {
        expected.add(text(shifted(down, right, false)));
        expected.add(text(shifted(down, right, true)));
      }
    }
    Set<String> seen = new HashSet<>();
    byte[] changed = new byte[image().length];
    SplittableRandom random = new SplittableRandom(7);
    for (int i = 0; i < 1000; i++) {
      new Augmentation(1, true).apply(image(), changed, SIDE, SIDE, random);
      seen.add(text(changed));
    }

    assertThat(seen).isEqualTo(expected);
  }

  /** What a pixel-by-pixel reading of the definition gives. */
  private static byte[] shifted(int down, int right, boolean mirrored) {
    byte[] image = image();
    byte[] result = new byte[image.length];
    for (int c = 0; c < 3; c++) {
      for (int y = 0; y < SIDE; y++) {
        for (int x = 0; x < SIDE; x++) {
          int sourceY = y + down;
          int sourceX = x + right;
          boolean inside = sourceY >= 0 && sourceY < SIDE && sourceX >= 0 && sourceX < SIDE;
          byte value = inside ? image[(c * SIDE + sourceY) * SIDE + sourceX] : 0;
          result[(c * SIDE + y) * SIDE + (mirrored ? SIDE - 1 - x : x)] = value;
        }
      }
    }
    return result;
  }

  private static byte[] image() {
    byte[] image = new byte[3 * SIDE * SIDE];
    for (int i = 0; i < image.length; i++) {
      image[i] = (byte) (i + 1);
    }
    return image;
  }

  private static String text(byte[] image) {
    return Arrays.toString(image);
  }
}
