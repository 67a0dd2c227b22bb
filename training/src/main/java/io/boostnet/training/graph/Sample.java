package io.boostnet.training.graph;

import io.boostnet.training.data.InputFormat;
import java.util.Arrays;
import java.util.Random;

/**
 * A few images of random pixels, as a bundle's stage 1 takes them: to find out what a graph does by
 * running it.
 *
 * @param pixels {@code [images][3][height][width]}, normalised; not to be changed
 * @param images number of images
 * @param height rows
 * @param width columns
 */
public record Sample(float[] pixels, int images, int height, int width) {

  /** Images of a format, always the same ones. */
  public static Sample of(InputFormat format, int images) {
    Random random = new Random(41);
    byte[] planes = new byte[format.size()];
    float[] pixels = new float[images * format.size()];
    for (int i = 0; i < images; i++) {
      random.nextBytes(planes);
      format.normalise(planes, 0, pixels, i * format.size());
    }
    return new Sample(pixels, images, format.resize().height(), format.resize().width());
  }

  /** The images from {@code first} to {@code end}, exclusive. */
  public Sample range(int first, int end) {
    int size = pixels.length / images;
    return new Sample(
        Arrays.copyOfRange(pixels, first * size, end * size), end - first, height, width);
  }

  long[] shape() {
    return new long[] {images, 3, height, width};
  }
}
