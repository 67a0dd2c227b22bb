package io.boostnet.training.data;

import io.boostnet.image.Resize;
import java.util.List;

/**
 * Labelled images with random access: a whole data set, or one split of it.
 *
 * <p>Indices run from 0 to {@code size() - 1}; the order is fixed, the same in every run. Safe for
 * any number of threads: reading does not change the object. Images are decoded when asked for and
 * not kept.
 *
 * <p>Reading an image that is gone, or that {@link io.boostnet.image.CheckedImage} refuses, throws
 * {@link io.boostnet.training.input.BadInputException} with the name of the file and why.
 */
public interface LabelledImages {

  /** Label of an image of a data set that has no classes. */
  int UNLABELLED = -1;

  /** Name for people, file names and provenance, for instance {@code cifar100-test}. */
  String name();

  /** Names of the classes; the index is the label. Empty without classes. */
  List<String> classNames();

  /** Number of images. */
  int size();

  /** Label of an image, 0 .. classes - 1; {@link #UNLABELLED} without classes. */
  int label(int index);

  /**
   * Where the image comes from: its track, or the whole data set for images that have no order in
   * time.
   */
  String sourceId(int index);

  /**
   * The image as a file would hold it: the original bytes, or a lossless PNG where the data set
   * holds raw pixels.
   */
  EncodedImage encoded(int index);

  /**
   * Writes the pixels of an image at the size that {@code resize} asks for: all red bytes, then
   * green, then blue, row by row ({@link Resize#planesSize()} bytes).
   *
   * @param target receives the bytes from {@code offset} on
   */
  void readPlanes(int index, Resize resize, byte[] target, int offset);

  /** The images at these indices, in this order, as a view under a name of its own. */
  default LabelledImages select(String name, int[] indices) {
    return new ImageSelection(name, this, indices);
  }
}
