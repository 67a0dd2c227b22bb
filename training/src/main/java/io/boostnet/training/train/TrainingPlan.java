package io.boostnet.training.train;

import io.boostnet.training.torch.Sgd;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How a network is trained.
 *
 * @param epochs passes over the training images, 1 or more
 * @param batchSize images per step, 2 or more; what is left of an epoch is dropped
 * @param schedule learning rate
 * @param optimiser momentum and weight decay
 * @param augmentation random changes of the images
 * @param seed of the first weights, the order and the changes
 */
public record TrainingPlan(
    int epochs,
    int batchSize,
    Schedule schedule,
    Sgd.Settings optimiser,
    Augmentation augmentation,
    long seed) {

  public TrainingPlan {
    if (epochs < 1) {
      throw new IllegalArgumentException("epochs is " + epochs + "; it must be 1 or more");
    }
    if (batchSize < 2) {
      throw new IllegalArgumentException(
          "batch-size is "
              + batchSize
              + "; it must be 2 or more, since batch normalisation needs a batch");
    }
  }

  /** Refuses a plan whose batch is larger than what there is to train on. */
  void checkImages(int images) {
    if (images < batchSize) {
      throw new IllegalArgumentException(
          "batch-size is %d, but there are only %d training images".formatted(batchSize, images));
    }
  }

  /** Steps of an epoch over so many images. */
  int stepsPerEpoch(int images) {
    return images / batchSize;
  }

  /** Images that a run over so many has seen in the end. */
  long imagesOf(int images) {
    return (long) epochs * stepsPerEpoch(images) * batchSize;
  }

  /** Images that a run over so many has behind it. */
  long imagesDone(int images, Progress progress) {
    return ((long) progress.epoch() * stepsPerEpoch(images) + progress.step()) * batchSize;
  }

  /**
   * Reads a weight decay.
   *
   * @param text one number, or the first exit's and the last's with a comma between; the others lie
   *     evenly between
   */
  static List<Double> weightDecay(String text, int exits) {
    double[] ends;
    try {
      ends =
          Arrays.stream(text.split(","))
              .map(String::trim)
              .mapToDouble(Double::parseDouble)
              .toArray();
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "weight-decay is \"" + text + "\"; it must be a number, or two with a comma between", e);
    }
    if (ends.length == 0 || ends.length > 2) {
      throw new IllegalArgumentException(
          "weight-decay is \"" + text + "\"; give one number, or the first exit's and the last's");
    }
    List<Double> decay = new ArrayList<>();
    for (int k = 0; k < exits; k++) {
      double share = exits == 1 ? 0 : (double) k / (exits - 1);
      decay.add(ends[0] + (ends[ends.length - 1] - ends[0]) * share);
    }
    return decay;
  }
}
