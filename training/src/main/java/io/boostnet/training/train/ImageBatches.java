package io.boostnet.training.train;

import io.boostnet.training.data.InputFormat;
import io.boostnet.training.data.LabelledImages;
import java.util.SplittableRandom;

/**
 * Images of a split as the network takes them, in batches. The order of an epoch and the changes of
 * an image depend only on the seed, the epoch and the position, so a run can be taken up anywhere.
 *
 * <p>Keeps the pixels in memory where they fit in a quarter of the heap, else decodes every time.
 * Used by one thread.
 */
final class ImageBatches {

  private final LabelledImages images;
  private final InputFormat input;
  private final int height;
  private final int width;
  private final byte[][] kept;
  private final byte[] read;
  private final byte[] changed;

  ImageBatches(LabelledImages images, InputFormat input) {
    this.images = images;
    this.input = input;
    this.height = input.resize().height();
    this.width = input.resize().width();
    boolean fits = (long) images.size() * input.size() <= Runtime.getRuntime().maxMemory() / 4;
    this.kept = fits ? new byte[images.size()][] : null;
    this.read = new byte[input.size()];
    this.changed = new byte[input.size()];
  }

  int images() {
    return images.size();
  }

  /** Order of an epoch: every image once, shuffled. */
  int[] order(long seed, int epoch) {
    SplittableRandom random = generator(seed, epoch, -1);
    int[] order = new int[images.size()];
    for (int i = 0; i < order.length; i++) {
      int j = random.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }

  /**
   * Fills a batch for training.
   *
   * @param order from {@link #order}
   * @param first position of the batch's first image in the order
   */
  void fill(
      int[] order,
      int first,
      long seed,
      int epoch,
      Augmentation augmentation,
      float[] pixels,
      long[] labels) {
    for (int i = 0; i < labels.length; i++) {
      int index = order[first + i];
      augmentation.apply(planes(index), changed, height, width, generator(seed, epoch, first + i));
      input.normalise(changed, 0, pixels, i * input.size());
      labels[i] = images.label(index);
    }
  }

  /** Fills a batch with the images from {@code first} on, as they are. */
  void fill(int first, float[] pixels, long[] labels) {
    for (int i = 0; i < labels.length; i++) {
      input.normalise(planes(first + i), 0, pixels, i * input.size());
      labels[i] = images.label(first + i);
    }
  }

  private byte[] planes(int index) {
    if (kept == null) {
      images.readPlanes(index, input.resize(), read, 0);
      return read;
    }
    if (kept[index] == null) {
      kept[index] = new byte[input.size()];
      images.readPlanes(index, input.resize(), kept[index], 0);
    }
    return kept[index];
  }

  private static SplittableRandom generator(long seed, int epoch, int position) {
    // Three draws apart, so that neighbouring seeds, epochs and positions share nothing.
    long epochSeed = new SplittableRandom(seed + 0x9E3779B97F4A7C15L * epoch).nextLong();
    return new SplittableRandom(epochSeed ^ (0xD1B54A32D192ED03L * (position + 2L)));
  }
}
