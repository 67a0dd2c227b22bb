package io.boostnet.jobs.load;

import java.util.SplittableRandom;

/**
 * Clouds: a square map of heights by diamond-square on a torus. From scale to scale the midpoints
 * of squares, then those of their edges, get the mean of their four neighbours and a random shift,
 * which is smaller at every scale.
 */
final class Plasma {

  private final int size;
  private final float[] height;

  /**
   * A map of heights from 0 to 1.
   *
   * @param size its side, a power of two
   * @param decay square root of how much smaller the shifts get with every scale
   */
  Plasma(int size, double decay, SplittableRandom random) {
    this.size = size;
    this.height = new float[size * size];
    double shift = 1;
    for (int step = size; step >= 2; step /= 2) {
      int half = step / 2;
      for (int y = half; y < size; y += step) {
        for (int x = half; x < size; x += step) {
          float corners =
              at(y - half, x - half)
                  + at(y - half, x + half)
                  + at(y + half, x - half)
                  + at(y + half, x + half);
          set(y, x, corners, shift, random);
        }
      }
      for (int y = 0; y < size; y += half) {
        for (int x = (y / half) % 2 == 0 ? half : 0; x < size; x += step) {
          float around = at(y - half, x) + at(y + half, x) + at(y, x - half) + at(y, x + half);
          set(y, x, around, shift, random);
        }
      }
      shift /= decay * decay;
    }
    stretch();
  }

  /** Height at a place, 0..1; beyond a border it goes on at the other. */
  float at(int y, int x) {
    return height[Math.floorMod(y, size) * size + Math.floorMod(x, size)];
  }

  private void set(int y, int x, float neighbours, double shift, SplittableRandom random) {
    height[y * size + x] = (float) (neighbours / 4 + shift * (2 * random.nextDouble() - 1));
  }

  private void stretch() {
    float low = Float.POSITIVE_INFINITY;
    float high = Float.NEGATIVE_INFINITY;
    for (float value : height) {
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
    for (int i = 0; i < height.length && high > low; i++) {
      height[i] = (height[i] - low) / (high - low);
    }
  }
}
