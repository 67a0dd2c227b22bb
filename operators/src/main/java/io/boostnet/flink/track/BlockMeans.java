package io.boostnet.flink.track;

import io.boostnet.flink.model.Preprocessing;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import org.apache.flink.annotation.Internal;

/**
 * Means of the blocks of an image, for telling whether its pixels changed: noise of single pixels
 * averages out in a block, and what moves does not. Blocks have a side of {@value #LEAST_SIDE}
 * pixels, larger ones where an image has more than {@value #MOST_BLOCKS} of them a side. For one
 * thread.
 */
@Internal
public final class BlockMeans {

  private static final int LEAST_SIDE = 4;
  private static final int MOST_BLOCKS = 16;

  private final int height;
  private final int width;
  private final int side;
  private final int rows;
  private final int columns;
  private final double[] levels = new double[Preprocessing.CHANNELS];
  private final float[] line;

  /** For tensors that a preprocessing makes. */
  public BlockMeans(Preprocessing preprocessing) {
    height = preprocessing.height();
    width = preprocessing.width();
    side = Math.max(LEAST_SIDE, (Math.max(height, width) + MOST_BLOCKS - 1) / MOST_BLOCKS);
    rows = (height + side - 1) / side;
    columns = (width + side - 1) / side;
    line = new float[width];
    for (int channel = 0; channel < levels.length; channel++) {
      levels[channel] = preprocessing.std().get(channel) / preprocessing.scale();
    }
  }

  /**
   * The means, in levels of a pixel (0..255, from an origin that is the same for all images).
   *
   * @param tensor the image tensor: channels, rows, columns; from its position on
   */
  public float[] of(ByteBuffer tensor) {
    FloatBuffer pixels = tensor.duplicate().order(tensor.order()).asFloatBuffer();
    float[] means = new float[levels.length * rows * columns];
    for (int channel = 0; channel < levels.length; channel++) {
      for (int y = 0; y < height; y++) {
        pixels.get(line);
        int block = (channel * rows + y / side) * columns;
        for (int x = 0; x < width; x++) {
          means[block + x / side] += line[x];
        }
      }
      scale(means, channel);
    }
    return means;
  }

  private void scale(float[] means, int channel) {
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        int pixels = Math.min(side, height - row * side) * Math.min(side, width - column * side);
        means[(channel * rows + row) * columns + column] *= (float) (levels[channel] / pixels);
      }
    }
  }

  /** The largest difference of a block, in levels of a pixel. */
  public static double difference(float[] one, float[] other) {
    double largest = 0;
    for (int i = 0; i < one.length; i++) {
      largest = Math.max(largest, Math.abs(one[i] - other[i]));
    }
    return largest;
  }
}
