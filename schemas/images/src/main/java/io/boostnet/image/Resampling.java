package io.boostnet.image;

import io.boostnet.schema.Interpolation;
import java.util.Arrays;

/**
 * Resizing with a filter that widens as the image shrinks, the columns first, then the rows, as PIL
 * does it and torchvision with it: weights in 22 bits after the point, and columns rounded to a
 * byte. So every pixel is PIL's.
 *
 * <p>For a scale {@code s} (source over target, at least 1 for the filter's width) and a target
 * pixel {@code x}, the weight of source pixel {@code i} is {@code f((i + 0.5 - (x + 0.5) * s) / s)}
 * over all {@code i} within the filter's support, divided by their sum. {@code f} is the triangle
 * {@code 1 - |t|}, or the cubic convolution of Keys (1981) with {@code a = -0.5}.
 *
 * @see <a href="https://pillow.readthedocs.io/en/stable/handbook/concepts.html#filters">Pillow,
 *     filters</a>
 */
final class Resampling {

  private static final int BITS = 22;
  private static final double ONE = 1 << BITS;
  private static final int HALF = 1 << BITS - 1;
  private static final double CUBIC = -0.5;
  private static final int CHANNELS = 3;

  private final Axis columns;
  private final Axis rows;
  private final byte[] line;
  private final int[] filtered;
  private final int[][] sums;

  /** Gives the rows of the source image, three bytes per pixel, one by one. */
  @FunctionalInterface
  interface Rows {
    void read(int row, byte[] line);
  }

  /**
   * @param width source columns
   * @param height source rows
   * @param scaled what the source is scaled to
   * @param target how much of that is made
   */
  Resampling(int width, int height, Resize.Scaled scaled, Resize target) {
    columns =
        new Axis(width, scaled.width(), scaled.left(), target.width(), target.interpolation());
    rows = new Axis(height, scaled.height(), scaled.top(), target.height(), target.interpolation());
    line = new byte[CHANNELS * width];
    filtered = new int[CHANNELS * target.width()];
    sums = new int[target.height()][CHANNELS * target.width()];
  }

  /** Writes the target's pixels, row by row, in the source's order of channels. */
  void apply(Rows source, byte[] target) {
    for (int[] sum : sums) {
      Arrays.fill(sum, HALF);
    }
    int first = 0;
    for (int row = rows.start(); row < rows.end(); row++) {
      source.read(row, line);
      filterColumns();
      while (rows.from[first] + rows.taps(first) <= row) {
        first++;
      }
      for (int y = first; y < sums.length && rows.from[y] <= row; y++) {
        addRow(rows.weights[y][row - rows.from[y]], sums[y]);
      }
    }
    int at = 0;
    for (int[] sum : sums) {
      for (int value : sum) {
        target[at++] = (byte) clip(value);
      }
    }
  }

  private void filterColumns() {
    for (int x = 0; x < columns.from.length; x++) {
      int[] weights = columns.weights[x];
      int from = CHANNELS * columns.from[x];
      int first = HALF;
      int second = HALF;
      int third = HALF;
      for (int weight : weights) {
        first += weight * (line[from] & 0xff);
        second += weight * (line[from + 1] & 0xff);
        third += weight * (line[from + 2] & 0xff);
        from += CHANNELS;
      }
      filtered[CHANNELS * x] = clip(first);
      filtered[CHANNELS * x + 1] = clip(second);
      filtered[CHANNELS * x + 2] = clip(third);
    }
  }

  private void addRow(int weight, int[] sum) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += weight * filtered[i];
    }
  }

  private static int clip(int value) {
    return Math.max(0, Math.min(255, value >> BITS));
  }

  /** Which source pixels make each target pixel of an axis, and with what weights. */
  private static final class Axis {

    private final int[] from;
    private final int[][] weights;

    Axis(int source, int scaled, int first, int count, Interpolation interpolation) {
      from = new int[count];
      weights = new int[count][];
      double scale = (double) source / scaled;
      double stretch = Math.max(scale, 1);
      double support = stretch * (interpolation == Interpolation.BICUBIC ? 2 : 1);
      for (int x = 0; x < count; x++) {
        double centre = (first + x + 0.5) * scale;
        from[x] = Math.max(0, (int) (centre - support + 0.5));
        int end = Math.min(source, (int) (centre + support + 0.5));
        double[] exact = new double[end - from[x]];
        for (int i = 0; i < exact.length; i++) {
          exact[i] = weight(interpolation, (from[x] + i - centre + 0.5) / stretch);
        }
        weights[x] = fixedPoint(exact);
      }
    }

    private static double weight(Interpolation interpolation, double distance) {
      double t = Math.abs(distance);
      if (interpolation == Interpolation.BILINEAR) {
        return Math.max(0, 1 - t);
      }
      if (t < 1) {
        return ((CUBIC + 2) * t - (CUBIC + 3)) * t * t + 1;
      }
      return t < 2 ? (((t - 5) * t + 8) * t - 4) * CUBIC : 0;
    }

    private static int[] fixedPoint(double[] exact) {
      double sum = Arrays.stream(exact).sum();
      return Arrays.stream(exact)
          .mapToInt(weight -> (int) Math.round(weight / sum * ONE))
          .toArray();
    }

    int taps(int index) {
      return weights[index].length;
    }

    int start() {
      return from[0];
    }

    int end() {
      int last = from.length - 1;
      return from[last] + taps(last);
    }
  }
}
