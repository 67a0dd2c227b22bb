package io.boostnet.training.bundle.quantize;

/** Images that the ranges are found on. */
public interface CalibrationImages {

  /** Number of images, 1 or more. */
  int size();

  /**
   * Input tensors of images in a row.
   *
   * @param from first image, from 0
   * @param count number of images
   * @return {@code [count, 3, height, width]}
   */
  float[] tensors(int from, int count);
}
