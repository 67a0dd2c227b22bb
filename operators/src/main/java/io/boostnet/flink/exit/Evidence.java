package io.boostnet.flink.exit;

import java.io.Serializable;
import java.util.Arrays;
import org.apache.flink.annotation.PublicEvolving;

/**
 * Evidence of how a cascade behaves: for labelled images it was not trained on, the confidence and
 * the predicted class at every exit, and the label. Immutable.
 *
 * <p>Exits count from 1, images and classes from 0. 10,000 images at 10 exits take 0.9 MB.
 */
@PublicEvolving
public final class Evidence implements Serializable {

  private static final long serialVersionUID = 1;

  private final int exits;
  private final int[] labels;
  private final float[] confidence;
  private final int[] predicted;

  private Evidence(int exits, int[] labels, float[] confidence, int[] predicted) {
    this.exits = exits;
    this.labels = labels;
    this.confidence = confidence;
    this.predicted = predicted;
  }

  /**
   * Evidence from flat arrays, exit after exit: element {@code (exit - 1) * images + image}. The
   * arrays are copied.
   *
   * @param labels true class of each image
   * @param confidence maximum softmax probability, 0..1
   * @param predicted class predicted
   * @throws IllegalArgumentException if there is no image or no exit, if lengths do not agree, or
   *     if a confidence is not within 0..1
   */
  public static Evidence of(int[] labels, float[] confidence, int[] predicted) {
    if (labels.length == 0 || confidence.length == 0 || confidence.length % labels.length != 0) {
      throw new IllegalArgumentException(
          String.format(
              "evidence has %d labels and %d confidences; one per exit and image is needed",
              labels.length, confidence.length));
    }
    if (predicted.length != confidence.length) {
      throw new IllegalArgumentException(
          String.format(
              "evidence has %d predicted classes and %d confidences; as many are needed",
              predicted.length, confidence.length));
    }
    for (int i = 0; i < confidence.length; i++) {
      if (!(confidence[i] >= 0 && confidence[i] <= 1)) {
        throw new IllegalArgumentException(
            String.format(
                "confidence of image %d at exit %d is %s; within 0..1 is needed",
                i % labels.length, i / labels.length + 1, confidence[i]));
      }
    }
    return new Evidence(
        confidence.length / labels.length, labels.clone(), confidence.clone(), predicted.clone());
  }

  /** An empty builder that takes image after image. */
  public static Builder builder(int exits) {
    return new Builder(exits);
  }

  /** Number of exits, at least 1. */
  public int exits() {
    return exits;
  }

  /** Number of images, at least 1. */
  public int images() {
    return labels.length;
  }

  /** True class of an image. */
  public int label(int image) {
    return labels[image];
  }

  /** Maximum softmax probability of an image at an exit, 0..1. */
  public float confidence(int exit, int image) {
    return confidence[(exit - 1) * labels.length + image];
  }

  /** Class predicted for an image at an exit. */
  public int predicted(int exit, int image) {
    return predicted[(exit - 1) * labels.length + image];
  }

  /** Whether the class predicted for an image at an exit is the true one. */
  public boolean correct(int exit, int image) {
    return predicted(exit, image) == labels[image];
  }

  /** Confidences of all images at an exit; a copy. */
  public float[] confidences(int exit) {
    return Arrays.copyOfRange(confidence, (exit - 1) * labels.length, exit * labels.length);
  }

  /** Share of images predicted right if all leave at this exit, 0..1. */
  public double accuracy(int exit) {
    int right = 0;
    for (int image = 0; image < labels.length; image++) {
      right += correct(exit, image) ? 1 : 0;
    }
    return (double) right / labels.length;
  }

  @Override
  public String toString() {
    return "Evidence[" + labels.length + " images, " + exits + " exits]";
  }

  /** Gathers evidence image after image. Not thread-safe. */
  public static final class Builder {

    private static final int FIRST_CAPACITY = 1024;

    private final int exits;
    private int images;
    private int[] labels = new int[FIRST_CAPACITY];
    private float[] confidence;
    private int[] predicted;

    private Builder(int exits) {
      if (exits < 1) {
        throw new IllegalArgumentException("exits are " + exits + "; at least 1 is needed");
      }
      this.exits = exits;
      confidence = new float[FIRST_CAPACITY * exits];
      predicted = new int[FIRST_CAPACITY * exits];
    }

    /**
     * Adds an image.
     *
     * @param label its true class
     * @param confidence its confidence at each exit, 0..1
     * @param predicted its predicted class at each exit
     * @throws IllegalArgumentException if there is not one of each per exit
     */
    public Builder add(int label, float[] confidence, int[] predicted) {
      if (confidence.length != exits || predicted.length != exits) {
        throw new IllegalArgumentException(
            String.format(
                "image %d has %d confidences and %d predicted classes; %d of each are needed",
                images, confidence.length, predicted.length, exits));
      }
      if (images == labels.length) {
        labels = Arrays.copyOf(labels, 2 * images);
        this.confidence = Arrays.copyOf(this.confidence, 2 * images * exits);
        this.predicted = Arrays.copyOf(this.predicted, 2 * images * exits);
      }
      labels[images] = label;
      System.arraycopy(confidence, 0, this.confidence, images * exits, exits);
      System.arraycopy(predicted, 0, this.predicted, images * exits, exits);
      images++;
      return this;
    }

    /**
     * Adds an image of other evidence.
     *
     * @throws IllegalArgumentException if that has another number of exits
     */
    public Builder add(Evidence evidence, int image) {
      float[] confidenceThere = new float[evidence.exits];
      int[] predictedThere = new int[evidence.exits];
      for (int exit = 1; exit <= evidence.exits; exit++) {
        confidenceThere[exit - 1] = evidence.confidence(exit, image);
        predictedThere[exit - 1] = evidence.predicted(exit, image);
      }
      return add(evidence.label(image), confidenceThere, predictedThere);
    }

    /** The evidence gathered so far, checked as in {@link Evidence#of}. */
    public Evidence build() {
      float[] confidenceByExit = new float[images * exits];
      int[] predictedByExit = new int[images * exits];
      for (int image = 0; image < images; image++) {
        for (int exit = 0; exit < exits; exit++) {
          confidenceByExit[exit * images + image] = confidence[image * exits + exit];
          predictedByExit[exit * images + image] = predicted[image * exits + exit];
        }
      }
      return of(Arrays.copyOf(labels, images), confidenceByExit, predictedByExit);
    }
  }
}
